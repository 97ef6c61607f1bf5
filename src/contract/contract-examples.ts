/** The smallest contract that says something, as somebody writes it in the first hour. Read by tests. */
export const shortContract = `baton: 1
level: handed-over
model: { name: churn, version: 1.0.0, task: binary-classification }
run: { onnx: model/churn.onnx }
owners: { builds: forecasting@example.org, runs: platform@example.org }
use: Ranks customers for a retention call. Never for pricing.
features: features.csv
output: { name: churn_probability, range: [0, 1], threshold: 0.4 }
data: { training: data/train.parquet, joint: data/joint.parquet, label: churned }
gates: [ "roc_auc >= 0.78" ]
budget: { p99: 50ms, at: 20/s, hardware: 1cpu-512Mi }
on-failure: { answer: none, caller: treat-as-unknown }
labels: { key: request_id, arrive-after: 10d }
`;

/** The feature table of {@link shortContract}. */
export const shortTable = `name,type,unit,missing,expected,values,unknown
tenure,float32,month,allowed,0..72,,
plan,string,,reject,,basic|plus|NO|007,reject
`;

/** A critical contract with every part, complete and without contradictions. Read by tests. */
export const fullContract = `baton: 1
level: critical
model: { name: flight-delay, version: 1.2.0, task: binary-classification, licence: Apache-2.0 }
run: { onnx: model/flight.onnx }
lock: requirements.lock
owners:
  builds: forecasting@example.org
  runs: platform@example.org
  business: operations@example.org
  on-call: night@example.org
use: Warns passengers of late arrivals. Never for paying crews.
features:
  - name: wind_speed
    type: float32
    unit: mph
    range: [0, 120]
    expected: [0, 45]
    missing: allowed
    sensitive: false
    from: wind_speed
    available: request
    how: Hourly observation at the origin airport.
    why: Gusts close runways.
  - name: seats
    type: int64
    unit: "1"
    range: [1, 900]
    missing: allowed
    missing-as: 0
    sensitive: false
    available: request
    how: From the register of aircraft.
    why: Large aircraft take longer to turn around.
  - name: origin
    type: string
    values: [EWR, JFK, LGA]
    unknown: reject
    missing: reject
    sensitive: false
    available: request
    how: From the timetable.
    why: Airports differ.
  - name: dest
    type: string
    missing: reject
    sensitive: false
    available: request
    how: From the timetable.
    why: Airports differ.
output:
  - { name: late_probability, range: [0, 1], unit: "1", threshold: 0.3, meaning: Probability of 30 minutes or more. }
data:
  training: data/train.parquet
  joint: data/joint.parquet
  label: late
  key: flight_id
  retention: 90d
  licence: Public domain.
rules:
  - { id: not-a-loop, assert: "origin != dest", otherwise: reject, when-missing: skip, text: No flight ends where it began. }
limitations:
  - { id: new-airports, text: Other origins were never seen., kept-by: features.origin }
  - { id: no-international, text: Only domestic flights were seen., kept-by: stated }
gates:
  - { id: auc, assert: "roc_auc >= 0.7" }
  - { id: auc-by-origin, assert: "roc_auc >= 0.62", by: origin, minimum-rows: 500, owner: business }
  - { id: no-worse, assert: "roc_auc >= previous.roc_auc - 0.01", confidence: 0.95 }
behaviours:
  - id: more-wind
    set: { wind_speed: "wind_speed + 15" }
    expect: "after.late_probability >= before.late_probability - 0.02"
    where: "wind_speed < 30"
    share: 0.9
slices: [ origin ]
golden: { rows: golden/rows.parquet, layers: [raw, features, prediction], tolerance: 0.00001 }
budget: { p50: 5ms, p99: 50ms, at: 20/s, hardware: 1cpu-512Mi }
on-failure: { answer: none, caller: treat-as-unknown }
labels: { key: flight_id, arrive-after: 2d }
watch: { time: scheduled_departure, window: 1d, false-alarms: 1 per 90d, keep: { scores: 90d, rows: 0.1 } }
retrain:
  - { id: drifted-and-worse, when: "drift.share > 0.2 && mature.roc_auc < 0.66", for: 3 of 4, cooldown: 7d }
review: { first: 7d, every: 30d }
serving: { replicas: 3, traffic: { arrivals: poisson, rate: 200/s, rows: [1, 1, 1, 20], invalid: 0.005 } }
roll-back: { to: previous, steps: Deploy the version before this one. }
`;
