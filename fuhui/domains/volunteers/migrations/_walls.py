"""What the database itself keeps of registrations, beyond what a model can say."""

from __future__ import annotations

# The birth date stands in another table, so a trigger compares. Registrations of adults need no guardian.
GUARDED = """
CREATE FUNCTION volunteers_guarded() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  born date := (SELECT birth_date FROM people_person WHERE community_id = NEW.community_id AND id = NEW.person_id);
BEGIN
  IF born IS NULL OR born + interval '8 years' > NEW.joined_on THEN
    RAISE EXCEPTION 'a volunteer of unknown age or below eight'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'volunteers_old_enough';
  END IF;
  IF born + interval '18 years' > NEW.joined_on AND NEW.guardian_name = '' THEN
    RAISE EXCEPTION 'a minor without a guardian'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'volunteers_minor_guarded';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER volunteers_guarded BEFORE INSERT OR UPDATE OF guardian_name, joined_on ON volunteers_volunteer
  FOR EACH ROW EXECUTE FUNCTION volunteers_guarded();
"""
GUARDED_BACK = "DROP TRIGGER volunteers_guarded ON volunteers_volunteer; DROP FUNCTION volunteers_guarded()"
