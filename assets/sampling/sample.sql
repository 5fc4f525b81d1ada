-- What DuckDB asks of a log, step by step; duckdb.py runs it. `log` is a view with one conversation a row, as canonical JSON in `line`.
-- `appraise(line)` is rules.py, which gives facts as JSON.

-- facts: one row a conversation, what cannot be read with its reason. A conversation that several files hold counts once: the fullest.
CREATE TEMP TABLE fact AS
SELECT * FROM (SELECT unnest(from_json(appraise(line), getvariable('facts'))) FROM log)
QUALIFY reject IS NOT NULL
     OR row_number() OVER (PARTITION BY reject, source, id ORDER BY turns DESC, last DESC, line) = 1;

-- rejects
SELECT reject, count(*) AS n FROM fact WHERE reject IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1;

-- left out
SELECT count(*) FILTER (week IS NULL) AS without_time, count(*) FILTER (week IS NOT NULL AND NOT has_ai) AS without_ai
FROM fact WHERE reject IS NULL;

-- counts: the joint rows of `appraise import --traffic`
SELECT source, week, intent, channel, language, outcome, resolution, count(*) AS n, sum(csat_n)::BIGINT AS csat_n,
       sum(csat_good)::BIGINT AS csat_good, sum(user_turns)::BIGINT AS user_turns, sum(fallback_turns)::BIGINT AS fallback_turns
FROM fact
WHERE reject IS NULL AND has_ai AND week IS NOT NULL
  AND (getvariable('weeks') IS NULL OR list_contains(getvariable('weeks'), week))
GROUP BY ALL ORDER BY ALL;

-- sample
SELECT line FROM fact WHERE line IS NOT NULL ORDER BY source, id;
