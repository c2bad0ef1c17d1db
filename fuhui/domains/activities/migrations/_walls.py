"""What the activities need of the database beyond Django's words: places are counted by the database."""

from __future__ import annotations

# The update locks the activity's row: sign-ups wait for each other, and the check on `taken` sees all of them.
PLACES = """
CREATE FUNCTION activities_count_places() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  holding text[] := ARRAY['confirmed', 'offered'];
  change integer := 0;
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.activity_id <> NEW.activity_id THEN
    RAISE EXCEPTION 'a sign-up stays with its activity' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'activities_signup_stays';
  END IF;
  IF NEW.state = ANY (holding) THEN change := NEW.heads; END IF;
  IF TG_OP = 'UPDATE' AND OLD.state = ANY (holding) THEN change := change - OLD.heads; END IF;
  IF change <> 0 THEN
    UPDATE activities_activity SET taken = taken + change
      WHERE community_id = NEW.community_id AND id = NEW.activity_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER activities_count_places AFTER INSERT OR UPDATE ON activities_signup
  FOR EACH ROW EXECUTE FUNCTION activities_count_places();
CREATE FUNCTION activities_keep_signups() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'sign-ups are ended, not removed' USING ERRCODE = '23001';
END $$;
CREATE TRIGGER activities_keep_signups BEFORE DELETE ON activities_signup
  FOR EACH ROW EXECUTE FUNCTION activities_keep_signups();
"""
PLACES_BACK = """
DROP TRIGGER activities_count_places ON activities_signup; DROP FUNCTION activities_count_places();
DROP TRIGGER activities_keep_signups ON activities_signup; DROP FUNCTION activities_keep_signups();
"""
