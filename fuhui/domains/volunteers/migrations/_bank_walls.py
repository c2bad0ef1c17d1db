"""What the database itself keeps of the time bank, beyond what a model can say."""

from __future__ import annotations

_BROKEN = "USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT ="

# The UPDATE of the account's row makes parallel spenders wait for each other, so its check holds the floor.
BANK = f"""
CREATE FUNCTION volunteers_bank_posted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM volunteers_bank_entry WHERE community_id = NEW.community_id AND id = NEW.entry_id
      AND at = transaction_timestamp()) THEN
    RAISE EXCEPTION 'a posting outside its entry''s transaction' {_BROKEN} 'volunteers_bank_sealed';
  END IF;
  UPDATE volunteers_bank_account SET balance = balance + NEW.minutes
    WHERE community_id = NEW.community_id AND id = NEW.account_id;
  RETURN NULL;
END $$;
CREATE TRIGGER volunteers_bank_posted AFTER INSERT ON volunteers_bank_posting
  FOR EACH ROW EXECUTE FUNCTION volunteers_bank_posted();

CREATE FUNCTION volunteers_bank_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.at := transaction_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER volunteers_bank_dated BEFORE INSERT ON volunteers_bank_entry
  FOR EACH ROW EXECUTE FUNCTION volunteers_bank_dated();

-- It speaks at commit, when the connection's scope may have ended already.
CREATE FUNCTION volunteers_bank_balanced() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  entry uuid := CASE WHEN TG_TABLE_NAME = 'volunteers_bank_entry' THEN NEW.id ELSE NULL END;
  legs int; total bigint; original uuid;
BEGIN
  IF entry IS NULL THEN entry := (to_jsonb(NEW) ->> 'entry_id')::uuid; END IF;
  SELECT count(*), coalesce(sum(minutes), 0) INTO legs, total FROM volunteers_bank_posting
    WHERE community_id = NEW.community_id AND entry_id = entry;
  IF legs < 2 OR total <> 0 THEN
    RAISE EXCEPTION 'the postings of an entry do not sum to zero' {_BROKEN} 'volunteers_bank_balanced';
  END IF;
  SELECT reverses_id INTO original FROM volunteers_bank_entry WHERE community_id = NEW.community_id AND id = entry;
  IF original IS NULL THEN RETURN NULL; END IF;
  IF EXISTS (SELECT 1 FROM volunteers_bank_entry WHERE id = original AND reverses_id IS NOT NULL) OR EXISTS (
    SELECT 1 FROM volunteers_bank_posting WHERE community_id = NEW.community_id AND entry_id IN (entry, original)
    GROUP BY account_id HAVING sum(minutes) <> 0) THEN
    RAISE EXCEPTION 'a reversal is not the mirror of an entry' {_BROKEN} 'volunteers_bank_mirror';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER volunteers_bank_entry_balanced AFTER INSERT ON volunteers_bank_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION volunteers_bank_balanced();
CREATE CONSTRAINT TRIGGER volunteers_bank_posting_balanced AFTER INSERT ON volunteers_bank_posting
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION volunteers_bank_balanced();

CREATE FUNCTION volunteers_bank_by_postings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a balance comes from postings only' {_BROKEN} 'volunteers_bank_by_postings';
END $$;
CREATE TRIGGER volunteers_bank_by_postings BEFORE UPDATE ON volunteers_bank_account FOR EACH ROW
  WHEN (pg_trigger_depth() = 0 AND NEW.balance IS DISTINCT FROM OLD.balance)
  EXECUTE FUNCTION volunteers_bank_by_postings();
CREATE TRIGGER volunteers_bank_empty BEFORE INSERT ON volunteers_bank_account FOR EACH ROW
  WHEN (NEW.balance <> 0) EXECUTE FUNCTION volunteers_bank_by_postings();
CREATE TRIGGER volunteers_bank_stays BEFORE DELETE ON volunteers_bank_account
  FOR EACH ROW EXECUTE FUNCTION volunteers_bank_by_postings();
"""
BANK_BACK = """
DROP TRIGGER volunteers_bank_stays ON volunteers_bank_account;
DROP TRIGGER volunteers_bank_empty ON volunteers_bank_account;
DROP TRIGGER volunteers_bank_by_postings ON volunteers_bank_account;
DROP FUNCTION volunteers_bank_by_postings();
DROP TRIGGER volunteers_bank_posting_balanced ON volunteers_bank_posting;
DROP TRIGGER volunteers_bank_entry_balanced ON volunteers_bank_entry;
DROP FUNCTION volunteers_bank_balanced();
DROP TRIGGER volunteers_bank_dated ON volunteers_bank_entry;
DROP FUNCTION volunteers_bank_dated();
DROP TRIGGER volunteers_bank_posted ON volunteers_bank_posting;
DROP FUNCTION volunteers_bank_posted();
"""

# It fires after `volunteers_bank_posted` (triggers go by name), which waits for a merge that holds the account.
STILL_THERE = f"""
CREATE FUNCTION volunteers_bank_still_there() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM volunteers_bank_account a
      JOIN people_person p ON p.community_id = a.community_id AND p.id = a.person_id
      JOIN volunteers_bank_entry e ON e.community_id = a.community_id AND e.id = NEW.entry_id
      WHERE a.community_id = NEW.community_id AND a.id = NEW.account_id AND p.merged_into_id IS NOT NULL
        AND e.kind NOT IN ('merge', 'reverse')) THEN
    RAISE EXCEPTION 'minutes for an account that was merged' {_BROKEN} 'volunteers_bank_still_there';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER volunteers_bank_still_there AFTER INSERT ON volunteers_bank_posting
  FOR EACH ROW WHEN (NEW.minutes > 0) EXECUTE FUNCTION volunteers_bank_still_there();
"""
STILL_THERE_BACK = """
DROP TRIGGER volunteers_bank_still_there ON volunteers_bank_posting;
DROP FUNCTION volunteers_bank_still_there();
"""
