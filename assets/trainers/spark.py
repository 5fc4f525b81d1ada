"""Spark MLlib as a trainer of appraise, for those who outgrow one machine. See README.md.

`options.master` names a cluster (`spark://host:7077`, `yarn`); without it, local-cluster mode: workers in processes of their own, as on a
cluster, on this machine. On a cluster the directory of a run and of a release must be on storage that all workers reach (TMPDIR).
Serving answers in this process, without workers.
"""

import os
import sys
import time

from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.feature import IDF, HashingTF, NGram, RegexTokenizer, SQLTransformer
from pyspark.ml.functions import vector_to_array
from pyspark.sql import SparkSession

from common import best, main, tell

# A worker on this machine has one core and so many megabytes.
MEMORY = 512
# Seconds until a worker must have come.
PATIENCE = 120


def session(options):
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    memory = options.get("memory", MEMORY)
    master = options.get("master", f"local-cluster[{options.get('workers', 2)},1,{memory}]")
    settings = {
        "spark.executor.memory": f"{memory}m",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "4",
        # The driver plans and adds up: compiling that for speed costs more than it gains.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }
    if master.startswith("local"):
        # Driver and workers are on this machine: they need no network, and find each other whatever its name resolves to.
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        # Nothing is far away that were worth waiting for, and a core has no room for threads that collect garbage.
        settings |= {"spark.locality.wait": "0s", "spark.executor.extraJavaOptions": "-XX:+UseSerialGC"}
    builder = SparkSession.builder.appName("appraise").master(master)
    for key, value in settings.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def await_workers(spark):
    """Without a worker Spark would wait for ever."""
    known, until = spark.sparkContext._jsc.sc().statusTracker(), time.monotonic() + PATIENCE
    # The driver is one of them.
    while not spark.sparkContext.master.startswith("local[") and len(known.getExecutorInfos()) < 2:
        if time.monotonic() > until:
            sys.exit(f"no worker of {spark.sparkContext.master} has come within {PATIENCE} s: look at the options `master`, "
                     "`workers` and `memory` (megabytes of each worker)")
        time.sleep(0.1)


def pipeline(options):
    """Words, word pairs and characters 3-4 within words, hashed, weighed by IDF, into one multinomial logistic regression."""
    size = options.get("features", 1 << 14)
    stages = [RegexTokenizer(inputCol="text", outputCol="words", pattern=r"[^\p{L}\p{N}]+"),
              NGram(n=2, inputCol="words", outputCol="pairs"),
              SQLTransformer(statement="SELECT *, flatten(transform(words, w -> transform(sequence(1, greatest(1, length(w) - 1)), "
                                       "i -> substring(concat('_', w, '_'), i, 4)))) AS pieces FROM __THIS__"),
              SQLTransformer(statement="SELECT *, concat(words, pairs, pieces) AS grams FROM __THIS__"),
              HashingTF(inputCol="grams", outputCol="counts", numFeatures=size),
              IDF(inputCol="counts", outputCol="features"),
              LogisticRegression(family="multinomial", regParam=options.get("regParam", 0.01), maxIter=options.get("maxIter", 40))]
    return Pipeline(stages=stages)


def rankings(model, names, frame):
    """By id: the best intents of each row."""
    rows = model.transform(frame).select("id", vector_to_array("probability").alias("p")).collect()
    return [best(names, row.p) for row in sorted(rows, key=lambda row: row.id)]


def train(given):
    tell(0.05, "starting Spark")
    spark = session(given.options)
    await_workers(spark)
    names = sorted(set(given.intents))
    number = {name: float(n) for n, name in enumerate(names)}
    rows = [(text, number[intent]) for text, intent in zip(given.texts, given.intents)]
    tell(0.2, "learning from all labels")
    trained = pipeline(given.options).fit(spark.createDataFrame(rows, "text string, label double"))
    tell(0.8, "answering the test texts")
    gold = spark.createDataFrame(list(enumerate(given.gold)), "id long, text string")
    given.write("predictions.jsonl", rankings(trained, names, gold))
    trained.write().overwrite().save((given.artefact / "model").absolute().as_uri())
    (given.artefact / "intents.txt").write_text("\n".join(names), encoding="utf-8")
    spark.stop()


def load(directory):
    # One text at a time needs no workers.
    spark = session({"master": "local[1]"})
    names = (directory / "intents.txt").read_text(encoding="utf-8").split("\n")
    trained = PipelineModel.load((directory / "model").absolute().as_uri())
    return lambda texts: rankings(trained, names, spark.createDataFrame(list(enumerate(texts)), "id long, text string"))


if __name__ == "__main__":
    main(train, load)
