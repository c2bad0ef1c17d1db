# ruff: noqa: S608 - statements for a migration, from this file's own constants
"""The database's own part of the audit trail: chaining at commit, and refusal of every change.

At commit each new entry queues one row in `audit_sealing`, whose own deferred trigger seals all entries of the
transaction. The detour makes sealing the very last thing of a commit, behind every deferred reference check:
nothing waits for another lock while it holds a chain's head. Heads are locked in one order. So two commits can
wait for each other's chain but never in a circle, and a chain is locked for the length of one commit only.
"""

from __future__ import annotations

from fuhui.shared.audit.canonical import CANONICAL, INSTALLATION

APP_ROLE = "fuhui_app"
HEAD_LOCK = "FOR UPDATE"
_DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"

QUEUE = f"""
ALTER TABLE audit_entry ADD COLUMN tx xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX audit_entry_unsealed ON audit_entry (tx) WHERE hash IS NULL;
CREATE UNLOGGED TABLE audit_sealing (tx xid8 PRIMARY KEY);
CREATE FUNCTION audit_queue() RETURNS trigger {_DEFINER} AS $$
BEGIN
  INSERT INTO audit_sealing VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
"""


def seal_function(head_lock: str = HEAD_LOCK) -> str:
    """The sealing function. Tests build it without the lock, to show that the lock is what keeps chains whole."""
    return f"""
CREATE OR REPLACE FUNCTION audit_seal() RETURNS trigger {_DEFINER} AS $$
DECLARE
  link uuid;
  head audit_chain;
  e audit_entry;
BEGIN
  FOR link IN SELECT DISTINCT coalesce(community_id, '{INSTALLATION}') FROM audit_entry
               WHERE tx = NEW.tx AND hash IS NULL ORDER BY 1 LOOP
    SELECT * INTO head FROM audit_chain WHERE chain = link {head_lock};
    IF NOT FOUND THEN
      INSERT INTO audit_chain (chain, seq, hash) VALUES (link, 0, '') ON CONFLICT DO NOTHING;
      SELECT * INTO head FROM audit_chain WHERE chain = link {head_lock};
    END IF;
    FOR e IN SELECT * FROM audit_entry
              WHERE tx = NEW.tx AND hash IS NULL AND coalesce(community_id, '{INSTALLATION}') = link
              ORDER BY at, id LOOP
      head.seq := head.seq + 1;
      e.seq := head.seq;
      e.prev := head.hash;
      head.hash := sha256(convert_to({CANONICAL}, 'UTF8'));
      UPDATE audit_entry SET seq = e.seq, prev = e.prev, hash = head.hash WHERE id = e.id;
    END LOOP;
    UPDATE audit_chain SET seq = head.seq, hash = head.hash WHERE chain = link;
  END LOOP;
  DELETE FROM audit_sealing WHERE tx = NEW.tx;
  RETURN NULL;
END $$;
"""


# The only change ever let through: the sealing trigger fills the three empty columns of a new entry.
GUARD = """
CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 AND OLD.hash IS NULL AND NEW.hash IS NOT NULL THEN
    IF to_jsonb(NEW) - '{seq,prev,hash}'::text[] = to_jsonb(OLD) - '{seq,prev,hash}'::text[] THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'audit_entry is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER audit_entry_sealed BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION audit_guard();
CREATE TRIGGER audit_entry_sealed_whole BEFORE TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_guard();
CREATE TRIGGER audit_chain_sealed_whole BEFORE TRUNCATE ON audit_chain
  FOR EACH STATEMENT EXECUTE FUNCTION audit_guard();
CREATE CONSTRAINT TRIGGER audit_entry_queue AFTER INSERT ON audit_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_queue();
CREATE CONSTRAINT TRIGGER audit_sealing_seal AFTER INSERT ON audit_sealing
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_seal();
"""

# Entries of the installation itself are for signed-in people and the system; who of them, `queries` decides.
_OWN = "community_id = ANY ((SELECT fuhui_communities())::uuid[])"
_KNOWN = "coalesce(current_setting('fuhui.actor', true), '') NOT IN ('', 'visitor')"
WALLS = f"""
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_entry_community ON audit_entry FOR SELECT USING ({_OWN} OR (community_id IS NULL AND {_KNOWN}));
CREATE POLICY audit_entry_write ON audit_entry FOR INSERT WITH CHECK ({_OWN} OR community_id IS NULL);
ALTER TABLE audit_chain ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_chain_community ON audit_chain FOR SELECT USING
  (chain = ANY ((SELECT fuhui_communities())::uuid[]) OR (chain = '{INSTALLATION}' AND {_KNOWN}));
REVOKE ALL ON audit_entry, audit_chain, audit_sealing FROM {APP_ROLE};
GRANT SELECT ON audit_entry, audit_chain TO {APP_ROLE};
GRANT INSERT (id, community_id, actor, actor_name, action, subject, subject_id, data) ON audit_entry TO {APP_ROLE};
"""

FORWARDS = QUEUE + seal_function() + GUARD + WALLS
BACKWARDS = """
DROP TABLE audit_sealing;
DROP TRIGGER audit_chain_sealed_whole ON audit_chain;
DROP TRIGGER audit_entry_queue ON audit_entry;
DROP TRIGGER audit_entry_sealed ON audit_entry;
DROP TRIGGER audit_entry_sealed_whole ON audit_entry;
DROP FUNCTION audit_seal(); DROP FUNCTION audit_queue(); DROP FUNCTION audit_guard();
"""
