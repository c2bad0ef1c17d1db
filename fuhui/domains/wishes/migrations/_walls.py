"""What the wishes need of the database beyond Django's words: parts are counted, and never by the wisher."""

from __future__ import annotations

# The update of the wish locks its row: two claims of one wish wait for each other and the check sees both.
PLEDGES = """
CREATE FUNCTION wishes_count_pledges() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  holding text[] := ARRAY['live', 'delivered', 'confirmed'];
  change integer := 0;
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.wish_id <> NEW.wish_id THEN
    RAISE EXCEPTION 'a claim stays with its wish' USING ERRCODE = 'check_violation', CONSTRAINT = 'wishes_claim_stays';
  END IF;
  IF NEW.state = ANY (holding) THEN change := NEW.parts; END IF;
  IF TG_OP = 'UPDATE' AND OLD.state = ANY (holding) THEN change := change - OLD.parts; END IF;
  IF change > 0 AND EXISTS (SELECT FROM wishes_wish w WHERE w.community_id = NEW.community_id AND w.id = NEW.wish_id
      AND (w.state <> 'open' OR w.wisher_account = NEW.account_id)) THEN
    RAISE EXCEPTION 'wish % is not open to this claimer', NEW.wish_id USING ERRCODE = 'check_violation',
      CONSTRAINT = 'wishes_claim_of_open_wish';
  END IF;
  IF change <> 0 THEN
    UPDATE wishes_wish SET pledged = pledged + change WHERE community_id = NEW.community_id AND id = NEW.wish_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER wishes_count_pledges AFTER INSERT OR UPDATE ON wishes_wishclaim
  FOR EACH ROW EXECUTE FUNCTION wishes_count_pledges();
CREATE FUNCTION wishes_keep_claims() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'claims are ended, not removed' USING ERRCODE = '23001';
END $$;
CREATE TRIGGER wishes_keep_claims BEFORE DELETE ON wishes_wishclaim FOR EACH ROW EXECUTE FUNCTION wishes_keep_claims();
"""
PLEDGES_BACK = """
DROP TRIGGER wishes_count_pledges ON wishes_wishclaim; DROP FUNCTION wishes_count_pledges();
DROP TRIGGER wishes_keep_claims ON wishes_wishclaim; DROP FUNCTION wishes_keep_claims();
"""
