"""The search looks through the newest half-year first: most words are found there often enough for a page."""

from django.db import migrations

SPAN_MS = 91 * 24 * 3600 * 1000

# The time of a version 7 id is its first 48 bits, in milliseconds.
MARK = f"""
UPDATE cases_case SET search = coalesce(search, ''::tsvector) || quote_literal(
  '~' || ('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / {SPAN_MS})::tsvector
"""
UNMARK = "UPDATE cases_case SET search = (SELECT array_to_tsvector(array_agg(l)) FROM unnest(tsvector_to_array(search)) l WHERE l NOT LIKE '~%')"

# Belongs to the owner. The search keeps to the connection's communities itself: row-level security would keep
# the index from being used, because text search is not marked leakproof. Ids grow with time, so what is found in
# the two newest spans stands before all the rest, and the rest is only asked where that is not enough.
NEWEST_FIRST = f"""
CREATE FUNCTION cases_search_ids(wanted text, most integer, before uuid, open_only boolean) RETURNS TABLE (id uuid)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  mine uuid[] := fuhui_communities();
  newest uuid := coalesce(before, (SELECT latest.id FROM unnest(mine) one CROSS JOIN LATERAL (
    SELECT c.id FROM cases_case c WHERE c.community_id = one ORDER BY c.id DESC LIMIT 1) latest
    ORDER BY latest.id DESC LIMIT 1));
  span bigint := ('x' || left(replace(newest::text, '-', ''), 12))::bit(48)::bigint / {SPAN_MS};
  border uuid := (rpad(lpad(to_hex(greatest(span - 1, 0) * {SPAN_MS}), 12, '0'), 32, '0'))::uuid;
  -- With one community the rows can be walked in the order of their ids, which is quicker for common words.
  inside text := CASE WHEN cardinality(mine) = 1 THEN format('= %L::uuid', mine[1]) ELSE format('= ANY (%L::uuid[])', mine) END
    || CASE WHEN open_only THEN ' AND c.is_open' ELSE '' END;
  ask text := 'SELECT c.id FROM cases_case c WHERE c.community_id %s AND c.search @@ %L::tsquery AND %s ORDER BY c.id DESC LIMIT %s';
  found integer;
BEGIN
  IF newest IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY EXECUTE format(ask, inside, format('%s & (''~%s'' | ''~%s'')', wanted, span, span - 1),
    CASE WHEN before IS NULL THEN 'true' ELSE format('c.id < %L::uuid', before) END, most);
  GET DIAGNOSTICS found = ROW_COUNT;
  IF found < most THEN
    RETURN QUERY EXECUTE format(ask, inside, wanted, format('c.id < %L::uuid', border), most - found);
  END IF;
END $$;
DROP FUNCTION cases_search_ids(text, integer);
"""
ALL_AT_ONCE = """
CREATE FUNCTION cases_search_ids(wanted text, most integer) RETURNS TABLE (id uuid)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  mine uuid[] := fuhui_communities();
  inside text := CASE WHEN cardinality(mine) = 1 THEN format('= %L::uuid', mine[1]) ELSE format('= ANY (%L::uuid[])', mine) END;
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT c.id FROM cases_case c WHERE c.community_id %s AND c.search @@ %L::tsquery ORDER BY c.id DESC LIMIT %s',
    inside, wanted, most);
END $$;
DROP FUNCTION cases_search_ids(text, integer, uuid, boolean);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_documents")]
    operations = [migrations.RunSQL(MARK, UNMARK), migrations.RunSQL(NEWEST_FIRST, ALL_AT_ONCE)]
