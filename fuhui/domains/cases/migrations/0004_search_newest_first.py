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
# the two newest spans stands before all the rest, and the rest is only asked where a page is not full.
NEWEST_FIRST = f"""
CREATE OR REPLACE FUNCTION cases_search_ids(wanted text, most integer) RETURNS TABLE (id uuid)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  mine uuid[] := fuhui_communities();
  -- With one community the rows can be walked in the order of their ids, which is quicker for common words.
  inside text := CASE WHEN cardinality(mine) = 1 THEN format('= %L::uuid', mine[1]) ELSE format('= ANY (%L::uuid[])', mine) END;
  newest uuid := (SELECT latest.id FROM unnest(mine) one CROSS JOIN LATERAL (
    SELECT c.id FROM cases_case c WHERE c.community_id = one ORDER BY c.id DESC LIMIT 1) latest
    ORDER BY latest.id DESC LIMIT 1);
  span bigint := ('x' || left(replace(newest::text, '-', ''), 12))::bit(48)::bigint / {SPAN_MS};
  border uuid := (rpad(lpad(to_hex(greatest(span - 1, 0) * {SPAN_MS}), 12, '0'), 32, '0'))::uuid;
  found integer;
BEGIN
  IF newest IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY EXECUTE format(
    'SELECT c.id FROM cases_case c WHERE c.community_id %s AND c.search @@ %L::tsquery ORDER BY c.id DESC LIMIT %s',
    inside, format('%s & (''~%s'' | ''~%s'')', wanted, span, span - 1), most);
  GET DIAGNOSTICS found = ROW_COUNT;
  IF found < most THEN
    RETURN QUERY EXECUTE format(
      'SELECT c.id FROM cases_case c WHERE c.community_id %s AND c.search @@ %L::tsquery AND c.id < %L::uuid'
      ' ORDER BY c.id DESC LIMIT %s', inside, wanted, border, most - found);
  END IF;
END $$
"""
ALL_AT_ONCE = """
CREATE OR REPLACE FUNCTION cases_search_ids(wanted text, most integer) RETURNS TABLE (id uuid)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  mine uuid[] := fuhui_communities();
  inside text := CASE WHEN cardinality(mine) = 1 THEN format('= %L::uuid', mine[1]) ELSE format('= ANY (%L::uuid[])', mine) END;
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT c.id FROM cases_case c WHERE c.community_id %s AND c.search @@ %L::tsquery ORDER BY c.id DESC LIMIT %s',
    inside, wanted, most);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_documents")]
    operations = [migrations.RunSQL(MARK, UNMARK), migrations.RunSQL(NEWEST_FIRST, ALL_AT_ONCE)]
