"""What the database itself keeps of feedback, beyond what a model can say."""

from __future__ import annotations

_BROKEN = "USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT ="

FEEDBACK = f"""
CREATE FUNCTION volunteers_feedback_of_others() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM volunteers_attendance WHERE community_id = NEW.community_id AND shift_id = NEW.shift_id
      AND person_id = NEW.person_id AND state = 'present') OR EXISTS (
    SELECT 1 FROM volunteers_bank_request r
      JOIN volunteers_volunteer v ON v.community_id = r.community_id AND v.id = r.volunteer_id
      WHERE r.community_id = NEW.community_id AND r.id = NEW.request_id AND v.person_id = NEW.person_id) THEN
    RAISE EXCEPTION 'feedback about one''s own service' {_BROKEN} 'volunteers_feedback_of_others';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER volunteers_feedback_of_others BEFORE INSERT ON volunteers_feedback
  FOR EACH ROW EXECUTE FUNCTION volunteers_feedback_of_others();

CREATE FUNCTION volunteers_feedback_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was said stays' {_BROKEN} 'volunteers_feedback_stays';
END $$;
CREATE TRIGGER volunteers_feedback_stays BEFORE UPDATE ON volunteers_feedback FOR EACH ROW
  WHEN (OLD.stars <> NEW.stars OR OLD.words <> NEW.words OR (NEW.may_show AND NOT OLD.may_show))
  EXECUTE FUNCTION volunteers_feedback_stays();
"""
FEEDBACK_BACK = """
DROP TRIGGER volunteers_feedback_stays ON volunteers_feedback;
DROP FUNCTION volunteers_feedback_stays();
DROP TRIGGER volunteers_feedback_of_others ON volunteers_feedback;
DROP FUNCTION volunteers_feedback_of_others();
"""
