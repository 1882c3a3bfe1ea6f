//! One scenario on one cluster: the plan, what it is worth, and what the peers make of the same.

use crate::Fallible;
use crate::bounds::Bounds;
use crate::peers;
use crate::score::{Cast, Score};
use model::plan::synthetic::{Expected, Scenario, Size, scenario};
use model::plan::{Goal, Plan, State, plan, prove, verify::verify};
use model::reassignment_file::{export, targets};
use model::{BrokerId, TopicName};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Instant;

/// Of every partition of the state, in its order.
pub type Lists = Vec<Vec<BrokerId>>;

pub fn measure(id: &str, size: Size, seed: u64) -> Fallible<Value> {
    let it = scenario(id, size, seed).ok_or("no such scenario")?;
    let busy = processor_ms()?;
    let found = plan(&it.state, &it.wish);
    let ms = processor_ms()? - busy;
    // Before anything else here may need more.
    let mebibytes = peak_memory()?;
    let mut row = json!({
        "id": id, "name": it.name, "brokers": size.brokers, "partitions": size.partitions,
        "expected": format!("{:?}", it.expected), "ms": ms, "peak_mib": mebibytes,
    });
    let found = match found {
        Ok(found) => found,
        Err(why) => {
            row["refused"] = json!(why.iter().map(|why| format!("{why:?}")).collect::<Vec<_>>());
            return Ok(row);
        }
    };
    let again = plan(&it.state, &it.wish).map_err(|why| format!("the second time: {why:?}"))?;
    row["hash"] = json!(format!("{:016x}", hash(&found)));
    row["is_same_again"] = json!(hash(&again) == hash(&found));
    row["problems"] = json!(verify(&it.state, &it.wish, &found).problems().collect::<Vec<_>>());
    row["claimed"] = json!({
        "moves_min": found.metrics.moves_min, "bytes_min": found.metrics.bytes_min,
        "bytes_skew_min": found.metrics.bytes_skew_min, "leaders_max_min": found.metrics.leaders_max_min,
        "peak_disk_percent": found.metrics.peak_disk.map(|peak| peak.percent),
        "cross_rack_bytes": found.metrics.cross_rack_bytes,
    });
    row["proved"] = proved(&it, &found, size)?;
    let cast = Cast::new(&it.state, &it.wish);
    row["least"] = Bounds::of(&cast, &it.wish).json();
    row["before"] = Score::of(&cast, &current(&it.state)).json();
    row["ours"] = Score::of(&cast, &after(&it.state, &found)).json();
    row["peers"] = peers(&it, &cast, seed);
    Ok(row)
}

/// What no plan as even can copy less than, sought much longer than a planner has time for.
fn proved(it: &Scenario, found: &Plan, size: Size) -> Fallible<Value> {
    if !matches!(it.wish.goal, Goal::Rebalance) || it.wish.max_bytes.is_some() {
        return Ok(Value::Null);
    }
    let looks = if size.partitions > 50_000 { 3_000 } else { 5_000 };
    let (moves, bytes) = prove(&it.state, &it.wish, found, looks).map_err(|why| format!("proving: {why:?}"))?;
    Ok(json!({ "moves": moves, "bytes": bytes }))
}

/// What others plan, where they can plan that at all: none changes replication factors, repairs by itself, or knows a budget.
fn peers(it: &Scenario, cast: &Cast<'_>, seed: u64) -> Value {
    let comparable = matches!(it.expected, Expected::Even | Expected::Nothing)
        || it.id.starts_with("S2")
        || matches!(it.id, "S3" | "S5" | "S6c" | "S6d");
    if !comparable {
        return json!([]);
    }
    let each = peers::ALL.iter().map(|(name, generate)| {
        let clock = Instant::now();
        let lists = generate(cast, seed);
        let ms = clock.elapsed().as_secs_f64() * 1_000.0;
        let mut score = Score::of(cast, &lists).json();
        (score["name"], score["ms"]) = (json!(name), json!(ms));
        score
    });
    each.collect()
}

fn current(state: &State) -> Lists {
    state.partitions.iter().map(|partition| partition.replicas.clone()).collect()
}

fn after(state: &State, plan: &Plan) -> Lists {
    let changed: HashMap<(&TopicName, i32), &Vec<BrokerId>> =
        plan.moves.iter().map(|each| ((&each.topic, each.partition), &each.to)).collect();
    let list = |topic, partition, now| changed.get(&(topic, partition)).copied().unwrap_or(now).clone();
    state.partitions.iter().map(|each| list(&each.topic, each.partition, &each.replicas)).collect()
}

/// FNV-1a, 64 bits, of the file that would be exported.
fn hash(plan: &Plan) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    export(&targets(&plan.moves)).bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

/// What this process has had of the processor: with others on the machine the clock tells something else.
fn processor_ms() -> Fallible<f64> {
    let told = std::fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds: f64 = told.split(' ').next().unwrap_or_default().parse()?;
    Ok(nanoseconds / 1e6)
}

/// The most this process has had so far.
fn peak_memory() -> Fallible<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kibibytes / 1024.0)
}
