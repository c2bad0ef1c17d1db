"""The search goes back through the cases quarter by quarter until it has found enough."""

from django.db import migrations

SPAN_MS = 91 * 24 * 3600 * 1000
NEWEST = 1000  # cases read through without the index, in the newest span: quickest for common words


def span_of(column: str) -> str:
    """The number of the 91 days that an id falls in: the time of a version 7 id is its first 48 bits."""
    return f"('x' || left(replace({column}::text, '-', ''), 12))::bit(48)::bigint / {SPAN_MS}"


def mark_of(span: str) -> str:
    """The character behind each word of that span."""
    return f"chr((57344 + ({span}) % 6400)::integer)"


# Every word carries the mark of its case's span, so the index keeps a list for each word and quarter instead of one
# that is as long as the history.
MARKED = f"""
ALTER TABLE cases_case ALTER COLUMN search SET STATISTICS -1;
UPDATE cases_case SET search = array_to_tsvector(ARRAY(
  SELECT word || {mark_of(span_of("id"))} FROM unnest(tsvector_to_array(search)) word)) WHERE search IS NOT NULL
"""
UNMARKED = """
UPDATE cases_case SET search = array_to_tsvector(ARRAY(
  SELECT left(word, -1) FROM unnest(tsvector_to_array(search)) word)) WHERE search IS NOT NULL;
ALTER TABLE cases_case ALTER COLUMN search SET STATISTICS 1000
"""

# Belongs to the owner. The search keeps to the connection's communities itself: row-level security would keep
# the index from being used, because text search is not marked leakproof. Ids grow with time, so each step gives only
# what is older than the steps before. MATERIALIZED keeps the planner from walking all ids. From one span the search
# goes to that of the next older case, so ids that are no version 7 cost a step and no more.
NEWEST_FIRST = f"""
CREATE FUNCTION cases_search_ids(words text[], most integer, before uuid, open_only boolean) RETURNS TABLE (id uuid)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  mine uuid[] := fuhui_communities();
  inside text := CASE WHEN cardinality(mine) = 1 THEN format('c.community_id = %L::uuid', mine[1])
    ELSE format('c.community_id = ANY (%L::uuid[])', mine) END || CASE WHEN open_only THEN ' AND c.is_open' ELSE '' END;
  older text := CASE WHEN before IS NULL THEN 'true' ELSE format('c.id < %L::uuid', before) END;
  newest uuid;
  border uuid;
  span bigint;
  within text;
  wanted text;
  got integer;
  missing integer := most;
  steps integer := 0;
BEGIN
  LOOP
    EXECUTE format('SELECT c.id FROM cases_case c WHERE %s AND %s ORDER BY c.id DESC LIMIT 1', inside, older)
      INTO newest;
    IF newest IS NULL THEN
      RETURN;
    END IF;
    span := {span_of("newest")};
    within := format('c.id >= %L::uuid', rpad(lpad(to_hex(span * {SPAN_MS}), 12, '0'), 32, '0'));
    SELECT string_agg(quote_literal(word || {mark_of("span")}), ' & ') INTO wanted FROM unnest(words) word;
    steps := steps + 1;
    border := newest;
    IF steps = 1 THEN
      RETURN QUERY EXECUTE format(
        'SELECT n.id FROM (SELECT c.id, c.search FROM cases_case c WHERE %s AND %s AND %s'
        ' ORDER BY c.id DESC LIMIT {NEWEST}) n WHERE n.search @@ %L::tsquery ORDER BY n.id DESC LIMIT %s',
        inside, older, within, wanted, missing);
      GET DIAGNOSTICS got = ROW_COUNT;
      missing := missing - got;
      IF missing = 0 THEN
        RETURN;
      END IF;
      EXECUTE format(
        'SELECT c.id FROM cases_case c WHERE %s AND %s AND %s ORDER BY c.id DESC OFFSET {NEWEST} - 1 LIMIT 1',
        inside, older, within) INTO border;
      older := CASE WHEN border IS NULL THEN older ELSE format('c.id < %L::uuid', border) END;
    END IF;
    IF border IS NOT NULL THEN
      RETURN QUERY EXECUTE format(
        'WITH m AS MATERIALIZED (SELECT c.id FROM cases_case c WHERE %s AND %s AND %s AND c.search @@ %L::tsquery)'
        ' SELECT m.id FROM m ORDER BY m.id DESC LIMIT %s', inside, older, within, wanted, missing);
      GET DIAGNOSTICS got = ROW_COUNT;
      missing := missing - got;
      IF missing = 0 THEN
        RETURN;
      END IF;
    END IF;
    older := replace(within, '>=', '<');
  END LOOP;
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
DROP FUNCTION cases_search_ids(text[], integer, uuid, boolean);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_documents")]
    operations = [migrations.RunSQL(MARKED, UNMARKED), migrations.RunSQL(NEWEST_FIRST, ALL_AT_ONCE)]
