"""What the database itself keeps of shifts, beyond what a model can say."""

from __future__ import annotations

_BROKEN = "USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT ="

# Counting by an UPDATE of the shift's row makes those who want the last place wait for each other.
SHIFTS = f"""
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE volunteers_sign_up ADD CONSTRAINT volunteers_sign_up_one_place EXCLUDE USING gist (
  community_id WITH =, volunteer_id WITH =, during WITH &&
) WHERE (is_live);

CREATE FUNCTION volunteers_sign_up_during() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT tstzrange(starts_at, ends_at, '[)') INTO NEW.during FROM volunteers_shift
    WHERE community_id = NEW.community_id AND id = NEW.shift_id;
  RETURN NEW;
END $$;
CREATE TRIGGER volunteers_sign_up_during BEFORE INSERT ON volunteers_sign_up
  FOR EACH ROW EXECUTE FUNCTION volunteers_sign_up_during();

CREATE FUNCTION volunteers_sign_up_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.shift_id, NEW.volunteer_id, NEW.during, NEW.community_id)
      IS DISTINCT FROM (OLD.shift_id, OLD.volunteer_id, OLD.during, OLD.community_id) THEN
    RAISE EXCEPTION 'a sign-up stays with its shift and volunteer' {_BROKEN} 'volunteers_sign_up_stays';
  END IF;
  IF TG_OP <> 'INSERT' AND OLD.is_live THEN
    UPDATE volunteers_shift SET taken = taken - 1 WHERE community_id = OLD.community_id AND id = OLD.shift_id;
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.is_live THEN
    UPDATE volunteers_shift SET taken = taken + 1 WHERE community_id = NEW.community_id AND id = NEW.shift_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER volunteers_sign_up_counted AFTER INSERT OR UPDATE OR DELETE ON volunteers_sign_up
  FOR EACH ROW EXECUTE FUNCTION volunteers_sign_up_counted();

CREATE FUNCTION volunteers_shift_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the times of a shift never change' {_BROKEN} 'volunteers_shift_stays';
END $$;
CREATE TRIGGER volunteers_shift_stays BEFORE UPDATE ON volunteers_shift FOR EACH ROW
  WHEN ((NEW.starts_at, NEW.ends_at, NEW.call_id) IS DISTINCT FROM (OLD.starts_at, OLD.ends_at, OLD.call_id))
  EXECUTE FUNCTION volunteers_shift_stays();
"""
SHIFTS_BACK = """
DROP TRIGGER volunteers_shift_stays ON volunteers_shift;
DROP FUNCTION volunteers_shift_stays();
DROP TRIGGER volunteers_sign_up_counted ON volunteers_sign_up;
DROP FUNCTION volunteers_sign_up_counted();
DROP TRIGGER volunteers_sign_up_during ON volunteers_sign_up;
DROP FUNCTION volunteers_sign_up_during();
ALTER TABLE volunteers_sign_up DROP CONSTRAINT volunteers_sign_up_one_place;
"""
