"""What the cases tables need of the database beyond Django's words: doors past the wall, merges, live news."""

from __future__ import annotations

EXTENSION = "CREATE EXTENSION IF NOT EXISTS btree_gist"

NUMBERS = "CREATE SEQUENCE cases_number"

# Both belong to the owner. The search keeps to the connection's communities itself: row-level security would keep
# the index from being used, because text search is not marked leakproof. A tracking token names its own case.
DOORS = """
CREATE FUNCTION cases_search_ids(wanted text, most integer) RETURNS TABLE (id uuid)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  mine uuid[] := fuhui_communities();
  -- With one community the rows can be walked in the order of their ids, which is quicker for common words.
  inside text := CASE WHEN cardinality(mine) = 1 THEN format('= %L::uuid', mine[1]) ELSE format('= ANY (%L::uuid[])', mine) END;
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT c.id FROM cases_case c WHERE c.community_id %s AND c.search @@ %L::tsquery ORDER BY c.id DESC LIMIT %s',
    inside, wanted, most);
END $$;
ALTER TABLE cases_case ALTER COLUMN search SET STATISTICS 1000;
CREATE FUNCTION cases_case_of_token(token bytea) RETURNS TABLE (community_id uuid, case_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
  $$ SELECT r.community_id, r.case_id FROM cases_casereporter r WHERE r.token_hash = token $$;
"""
DOORS_BACK = "DROP FUNCTION cases_search_ids(text, integer); DROP FUNCTION cases_case_of_token(bytea)"

# A main case is never itself merged. FOR SHARE makes two merges that would form a chain or a ring wait for each other.
MERGES = """
CREATE FUNCTION cases_keep_merges_flat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.main_case_id IS NOT NULL THEN
    PERFORM 1 FROM cases_case m WHERE m.community_id = NEW.community_id AND m.id = NEW.main_case_id
       AND m.main_case_id IS NULL FOR SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'main case of % is itself merged', NEW.number USING ERRCODE = 'check_violation',
        CONSTRAINT = 'cases_case_main_stands_alone';
    END IF;
    IF EXISTS (SELECT FROM cases_case f WHERE f.community_id = NEW.community_id AND f.main_case_id = NEW.id) THEN
      RAISE EXCEPTION '% has merged cases of its own', NEW.number USING ERRCODE = 'check_violation',
        CONSTRAINT = 'cases_case_main_stands_alone';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cases_keep_merges_flat BEFORE INSERT OR UPDATE OF main_case_id ON cases_case
  FOR EACH ROW EXECUTE FUNCTION cases_keep_merges_flat();
"""
MERGES_BACK = "DROP TRIGGER cases_keep_merges_flat ON cases_case; DROP FUNCTION cases_keep_merges_flat()"

LIVE = """
CREATE FUNCTION cases_tell_live() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('fuhui_live', json_build_object('community', NEW.community_id, 'case', NEW.id)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER cases_tell_live AFTER INSERT OR UPDATE OF state, due_at, handler_account_id ON cases_case
  FOR EACH ROW EXECUTE FUNCTION cases_tell_live();
"""
LIVE_BACK = "DROP TRIGGER cases_tell_live ON cases_case; DROP FUNCTION cases_tell_live()"

PARTS = ("casehandler", "caseobjection", "caseextension", "casepause", "caseescalation", "casephoto", "casepublication")
