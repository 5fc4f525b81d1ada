"""Draws a sample of a log and counts all of it, with PySpark: `spark-submit --py-files rules.py,lake.py --files words.json spark.py LOG
--split split.json --out DIR`. See README.md.

`--master` names a cluster (`spark://host:7077`, `yarn`); without it, what spark-submit says, else this machine. What is written is written
by the driver: counts of some thousand rows and a sample that people can review.
"""

import glob
import json
import os
import shutil
import sys

from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as f
from pyspark.sql.types import BooleanType, LongType, StringType, StructField, StructType

import lake

TYPES = {"VARCHAR": StringType(), "BIGINT": LongType(), "BOOLEAN": BooleanType()}
SCHEMA = StructType([StructField(name, TYPES[kind]) for name, kind in lake.FACTS.items()])


def session(master):
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("appraise sample").config("spark.ui.enabled", "false").config(
        "spark.ui.showConsoleProgress", "false")
    if master:
        builder = builder.master(master)
        if master.startswith("local"):
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
            builder = builder.config("spark.sql.shuffle.partitions", "4").config("spark.executor.memory", "512m")
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    here = os.path.dirname(os.path.abspath(__file__))
    for name in ("rules.py", "lake.py"):
        spark.sparkContext.addPyFile(os.path.join(here, name))
    spark.sparkContext.addFile(os.path.join(here, "words.json"))
    return spark


def log(spark, path, mapping):
    """One conversation a row, as canonical JSON in `line`."""
    if not mapping:
        return spark.read.text(path).where(f.trim("value") != "").select(f.col("value").alias("line"))
    if path.endswith(".parquet"):
        table = spark.read.parquet(path)
    elif path.endswith((".csv", ".csv.gz")):
        table = spark.read.csv(path, header=True, multiLine=True, escape='"')
    else:
        table = spark.read.json(path)
    columns = mapping["columns"]
    table = table.withColumn("__place", f.monotonically_increasing_id())
    order = [f.col(f"`{columns['at']}`").alias("__at")] if "at" in columns else []
    turn = f.struct(*[f.col(f"`{columns[n]}`").alias(n) for n in lake.TURN if n in columns])
    whole = [f.first(f"`{columns[n]}`", ignorenulls=True).alias(n) for n in lake.WHOLE if n in columns]
    rows = f.sort_array(f.collect_list(f.struct(*order, f.col("__place"), turn.alias("turn"))))
    grouped = table.groupBy(f.col(f"`{columns['id']}`").cast("string").alias("id")).agg(*whole, rows.alias("rows"))
    names = ["id", *[n for n in lake.WHOLE if n in columns]]
    return grouped.select(f.to_json(f.struct(*names, f.expr("transform(rows, r -> r.turn)").alias("turns"))).alias("line"))


def facts_of(options):
    """The rules as a function of a line. Workers make them once: words.json lies beside the files that were sent to them."""
    made = []

    def facts(line):
        if not made:
            from rules import Rules

            made.append(Rules(options))
        found = made[0].facts(line)
        # What is text in the log may be a number there.
        return {k: str(v) if v is not None and lake.FACTS[k] == "VARCHAR" else v for k, v in found.items()}

    return facts


def main():
    args = lake.parser(__doc__.split("\n\n")[0])
    args.add_argument("--master")
    args = args.parse_args()
    options, mapping = lake.options(args)
    spark = session(args.master)
    facts = f.udf(facts_of(options), SCHEMA)
    found = log(spark, args.log, mapping).select(facts("line").alias("fact")).select("fact.*")
    fullest = Window.partitionBy("reject", "source", "id").orderBy(f.desc("turns"), f.desc("last"), "line")
    fact = found.withColumn("__nth", f.row_number().over(fullest)).where("reject IS NOT NULL OR __nth = 1").drop("__nth").persist()
    rejects = fact.where("reject IS NOT NULL").groupBy("reject").count().orderBy(f.desc("count"), "reject").collect()
    lake.refuse(args, [(r["reject"], r["count"]) for r in rejects])
    kept = fact.where("reject IS NULL")
    without = kept.agg(f.count(f.when(f.col("week").isNull(), 1)).alias("time"),
                       f.count(f.when(f.col("week").isNotNull() & ~f.col("has_ai"), 1)).alias("ai")).first()
    weeks = kept.where("has_ai AND week IS NOT NULL")
    if options["weeks"] is not None:
        weeks = weeks.where(f.col("week").isin(options["weeks"]))
    sums = [f.sum(n).alias(n) for n in ("csat_n", "csat_good", "user_turns", "fallback_turns")]
    counts = weeks.groupBy(*lake.COUNTS[:7]).agg(f.count(f.lit(1)).alias("n"), *sums).orderBy(*(f.col(n).asc_nulls_last() for n in lake.COUNTS[:7]))
    counts = [r.asDict() for r in counts.collect()]
    lines = (r["line"] for r in fact.where("line IS NOT NULL").orderBy("source", "id").select("line").toLocalIterator())

    def to_parquet(source, target):
        spark.read.csv(os.path.abspath(source), header=True, multiLine=True, escape='"').coalesce(1).write.mode("overwrite").parquet(
            os.path.abspath(target) + ".parts")
        shutil.move(glob.glob(target + ".parts/part-*.parquet")[0], target)
        shutil.rmtree(target + ".parts")

    lake.write(args, counts, lines, {"without_time": without["time"], "without_ai": without["ai"]}, to_parquet)
    spark.stop()


if __name__ == "__main__":
    main()
