"""What the database itself keeps of sports meetings: nobody is in more events than the meeting allows, and nobody is
in an event that was taken out."""

from __future__ import annotations

_BROKEN = "USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT ="

# The lock on the activity's row makes entries wait for each other; the count after it sees all of them.
LIMITS = f"""
CREATE FUNCTION activities_limit_members() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  most integer;
BEGIN
  SELECT contests_each INTO most FROM activities_activity
    WHERE community_id = NEW.community_id AND id = NEW.activity_id FOR NO KEY UPDATE;
  IF (SELECT count(*) FROM activities_member WHERE community_id = NEW.community_id AND activity_id = NEW.activity_id
      AND who_index = NEW.who_index AND withdrawn_at IS NULL AND contest_id <> NEW.contest_id) >= most THEN
    RAISE EXCEPTION 'more events than one person may enter' {_BROKEN} 'activities_member_each';
  END IF;
  IF EXISTS (SELECT FROM activities_contest WHERE community_id = NEW.community_id AND id = NEW.contest_id
      AND removed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'the event was taken out' {_BROKEN} 'activities_contest_removed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER activities_limit_members BEFORE INSERT OR UPDATE ON activities_member FOR EACH ROW
  WHEN (NEW.withdrawn_at IS NULL) EXECUTE FUNCTION activities_limit_members();

CREATE FUNCTION activities_keep_contest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM activities_activity WHERE community_id = NEW.community_id AND id = NEW.activity_id FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM activities_member WHERE community_id = NEW.community_id AND contest_id = NEW.id
      AND withdrawn_at IS NULL) THEN
    RAISE EXCEPTION 'somebody is in this event' {_BROKEN} 'activities_contest_entered';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER activities_keep_contest BEFORE UPDATE ON activities_contest FOR EACH ROW
  WHEN (OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL
        OR (OLD.groups, OLD.team_size) IS DISTINCT FROM (NEW.groups, NEW.team_size))
  EXECUTE FUNCTION activities_keep_contest();
"""
LIMITS_BACK = """
DROP TRIGGER activities_keep_contest ON activities_contest; DROP FUNCTION activities_keep_contest();
DROP TRIGGER activities_limit_members ON activities_member; DROP FUNCTION activities_limit_members();
"""
# Who was in an event stays in it: one member for each entry.
MOVE = """
INSERT INTO activities_member (id, community_id, entry_id, contest_id, activity_id, name, who_index, born, agreed,
                               withdrawn_at)
SELECT id, community_id, id, contest_id, activity_id, name, who_index, born, agreed, withdrawn_at FROM activities_entry
"""
