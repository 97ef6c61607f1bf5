"""Metrics of each day from the logs of predictions and a file of labels, by pandas and scikit-learn: as JSON on stdout."""

import glob
import json
import math
import sys

import pandas
from sklearn import metrics

folder, labels_file, key, label, output = sys.argv[1:]
DAY_MS = 86_400_000

logs = pandas.concat(pandas.read_parquet(path) for path in sorted(glob.glob(f"{folder}/*.predictions.parquet")))
logs = logs[logs["answered"]].copy()
logs["day"] = logs["event_time_ms"] // DAY_MS * DAY_MS
labels = pandas.read_parquet(labels_file)[[key, label]].rename(columns={key: "key", label: "truth"})
rows = logs.merge(labels, on="key", how="inner")
rows["score"] = rows[f"output.{output}"].astype("float64")


def measured(day):
    truth, score, decision = day["truth"].astype(int), day["score"], day["decision"].astype(int)
    values = {
        "roc_auc": metrics.roc_auc_score(truth, score) if truth.nunique() == 2 else math.nan,
        "average_precision": metrics.average_precision_score(truth, score) if truth.any() else math.nan,
        "brier": metrics.brier_score_loss(truth, score),
        "log_loss": metrics.log_loss(truth, score, labels=[0, 1]),
        "accuracy": metrics.accuracy_score(truth, decision),
        "precision": metrics.precision_score(truth, decision, zero_division=math.nan),
        "recall": metrics.recall_score(truth, decision, zero_division=math.nan),
        "f1": metrics.f1_score(truth, decision, zero_division=math.nan),
    }
    return {name: None if math.isnan(value) else float(value) for name, value in values.items()}


answered = logs.groupby("day").size()
print(
    json.dumps(
        [
            {"start": int(start), "answered": int(answered[start]), "labelled": len(day), "metrics": measured(day)}
            for start, day in rows.groupby("day")
        ]
    )
)
