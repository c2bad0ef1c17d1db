"""What the database itself keeps of the book, beyond what a model can say."""

from __future__ import annotations

from fuhui.shared.audit.sealing import APP_ROLE

_DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
_BROKEN = "USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT ="

# The moment of recording is the database's own: the transaction's, so that "written together" can be told later.
# A reversal points at a record of sign 1 only, because `reverses_sign` is always 1: nothing reverses a reversal.
RECORD = """
ALTER TABLE ledger_record ADD CONSTRAINT ledger_record_day
  CHECK (day = (occurred_at AT TIME ZONE 'Asia/Shanghai')::date);
ALTER TABLE ledger_record ADD CONSTRAINT ledger_record_not_ahead
  CHECK (occurred_at <= recorded_at + interval '1 hour');
ALTER TABLE ledger_record ADD CONSTRAINT ledger_record_signed UNIQUE (community_id, id, sign);
ALTER TABLE ledger_record ADD COLUMN reverses_sign smallint
  GENERATED ALWAYS AS (CASE WHEN reverses_id IS NOT NULL THEN 1 END) STORED;
ALTER TABLE ledger_record ADD CONSTRAINT ledger_record_reverses_a_record
  FOREIGN KEY (community_id, reverses_id, reverses_sign) REFERENCES ledger_record (community_id, id, sign);
CREATE FUNCTION ledger_record_now() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.recorded_at := transaction_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_record_now BEFORE INSERT ON ledger_record
  FOR EACH ROW EXECUTE FUNCTION ledger_record_now();
"""
RECORD_BACK = """
DROP TRIGGER ledger_record_now ON ledger_record;
DROP FUNCTION ledger_record_now();
ALTER TABLE ledger_record DROP CONSTRAINT ledger_record_reverses_a_record;
ALTER TABLE ledger_record DROP COLUMN reverses_sign;
ALTER TABLE ledger_record DROP CONSTRAINT ledger_record_signed;
"""

# Parts belong to their record's own transaction: a record that is sealed gains none later.
PART = f"""
ALTER TABLE ledger_part ADD CONSTRAINT ledger_part_signed CHECK (
  sign IN (1, -1) AND heads * sign BETWEEN 1 AND 100000
  AND minutes * sign BETWEEN CASE side WHEN 'gave' THEN 1 ELSE 0 END AND 1440
);
ALTER TABLE ledger_part ADD CONSTRAINT ledger_part_one
  CHECK ((person_id IS NULL AND account_id IS NULL) OR abs(heads) = 1);
CREATE FUNCTION ledger_part_of_its_record() RETURNS trigger {_DEFINER} AS $$
DECLARE
  its ledger_record;
BEGIN
  SELECT * INTO its FROM ledger_record WHERE community_id = NEW.community_id AND id = NEW.record_id;
  IF its.id IS NULL OR its.recorded_at <> transaction_timestamp() THEN
    RAISE EXCEPTION 'a sealed record gains no parts' {_BROKEN} 'ledger_part_sealed_record';
  END IF;
  NEW.day := its.day;
  NEW.sign := its.sign;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_part_of_its_record BEFORE INSERT ON ledger_part
  FOR EACH ROW EXECUTE FUNCTION ledger_part_of_its_record();
"""
PART_BACK = """
DROP TRIGGER ledger_part_of_its_record ON ledger_part;
DROP FUNCTION ledger_part_of_its_record();
"""

# One row per person and day takes the lock that makes parallel writers wait, and its check refuses a longer day.
DAY = f"""
CREATE FUNCTION ledger_count_day() RETURNS trigger {_DEFINER} AS $$
BEGIN
  INSERT INTO ledger_person_day AS total (community_id, who, day, minutes)
  VALUES (NEW.community_id, coalesce(NEW.person_id, NEW.account_id), NEW.day, greatest(NEW.minutes, 0))
  ON CONFLICT (community_id, who, day) DO UPDATE SET minutes = total.minutes + NEW.minutes;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_count_day AFTER INSERT ON ledger_part FOR EACH ROW
  WHEN (NEW.side = 'gave' AND NEW.organisation_id IS NULL) EXECUTE FUNCTION ledger_count_day();
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ledger_person_day FROM {APP_ROLE};
"""
DAY_BACK = """
DROP TRIGGER ledger_count_day ON ledger_part;
DROP FUNCTION ledger_count_day();
"""

# The seven counts of a record, from its parts.
COUNTS = """
  coalesce(sum(heads) FILTER (WHERE side = 'got'), 0),
  coalesce(sum(sign) FILTER (WHERE side = 'got' AND person_id IS NOT NULL), 0),
  coalesce(sum(sign) FILTER (WHERE side = 'got' AND household_id IS NOT NULL), 0),
  coalesce(sum(heads) FILTER (WHERE side = 'got' AND person_id IS NULL AND household_id IS NULL), 0),
  coalesce(sum(heads) FILTER (WHERE side = 'gave'), 0),
  coalesce(sum(sign) FILTER (WHERE side = 'gave' AND organisation_id IS NULL), 0),
  coalesce(sum(abs(heads) * minutes) FILTER (WHERE side = 'gave'), 0)
"""

# At commit a record has somebody who served, its counts are those of its parts, and a reversal mirrors its record.
WHOLE = f"""
CREATE FUNCTION ledger_record_whole() RETURNS trigger {_DEFINER} AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ledger_part WHERE community_id = NEW.community_id AND record_id = NEW.id
                 AND side = 'gave') THEN
    RAISE EXCEPTION 'a record without anybody who served' {_BROKEN} 'ledger_record_served_by';
  END IF;
  IF NOT EXISTS (
    SELECT FROM ledger_part WHERE community_id = NEW.community_id AND record_id = NEW.id
    HAVING (NEW.got_heads, NEW.got_named, NEW.got_homes, NEW.got_unnamed, NEW.gave_heads, NEW.gave_named,
            NEW.gave_minutes) = ({COUNTS})
  ) THEN
    RAISE EXCEPTION 'the counts of a record are not those of its parts' {_BROKEN} 'ledger_record_counted';
  END IF;
  IF NEW.reverses_id IS NOT NULL AND EXISTS (
    SELECT FROM ledger_part WHERE community_id = NEW.community_id AND record_id IN (NEW.id, NEW.reverses_id)
    GROUP BY side, person_id, account_id, organisation_id, household_id HAVING sum(heads) <> 0 OR sum(minutes) <> 0
  ) THEN
    RAISE EXCEPTION 'a reversal that does not mirror its record' {_BROKEN} 'ledger_record_mirrored';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_record_whole AFTER INSERT ON ledger_record
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_record_whole();
CREATE INDEX ledger_part_of_record ON ledger_part (community_id, record_id, side);
"""
WHOLE_BACK = """
DROP TRIGGER ledger_record_whole ON ledger_record;
DROP FUNCTION ledger_record_whole();
DROP INDEX ledger_part_of_record;
"""
