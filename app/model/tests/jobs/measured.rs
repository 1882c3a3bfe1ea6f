//! The end foretold of copies as they went on real brokers (Kafka 4.3, one partition of 200 MiB, throttled).

use super::world::{START, World};
use model::Timestamp;
use model::job::MoveState;
use model::job::progress::{Sample, progress};
use model::job::simulated::Rules;

const MIB: u64 = 1 << 20;

/// One move: at each look the milliseconds since it was submitted, and KiB that lay on the disk.
struct Measured {
    /// Bytes a second.
    rate: u64,
    size: u64,
    /// When the job was over.
    over: i64,
    looks: &'static [(i64, u64)],
}

/// 8 MiB/s: evenly, with a short rest at times.
const EVENLY: Measured = Measured {
    rate: 8 * MIB,
    size: 209763476,
    over: 31493,
    looks: &[
        (247, 0),
        (1860, 8642),
        (3153, 18244),
        (4369, 30727),
        (5410, 38409),
        (6428, 46091),
        (7445, 54733),
        (8489, 62414),
        (9508, 70096),
        (10528, 77778),
        (11549, 85460),
        (12592, 91221),
        (13615, 94102),
        (14638, 101783),
        (15671, 110425),
        (16702, 118107),
        (17727, 126749),
        (18782, 132510),
        (19802, 135391),
        (20821, 144033),
        (21844, 151715),
        (22874, 159397),
        (23910, 167078),
        (24966, 172840),
        (25989, 175720),
        (27044, 183402),
        (28088, 192044),
        (29155, 199726),
        (30453, 204847),
    ],
};

/// 8 MiB/s: in three bursts.
const IN_BURSTS: Measured = Measured {
    rate: 8 * MIB,
    size: 209763476,
    over: 25761,
    looks: &[
        (46, 0),
        (1075, 62414),
        (2092, 71056),
        (3109, 74897),
        (4122, 78738),
        (5155, 80659),
        (6174, 80659),
        (7197, 80659),
        (8229, 80659),
        (9253, 80659),
        (10283, 80659),
        (11308, 81619),
        (12328, 89301),
        (13351, 154596),
        (14372, 158436),
        (15392, 162277),
        (16421, 164198),
        (17460, 164198),
        (18482, 164198),
        (19506, 164198),
        (20530, 164198),
        (21554, 164198),
        (22579, 168039),
        (23607, 172840),
        (24743, 204847),
    ],
};

/// 4 MiB/s: waves of some seconds, and rests as long.
const IN_WAVES: Measured = Measured {
    rate: 4 * MIB,
    size: 209763476,
    over: 59397,
    looks: &[
        (51, 0),
        (1099, 0),
        (2126, 0),
        (3158, 5761),
        (4177, 9602),
        (5200, 18244),
        (6223, 22085),
        (7244, 25926),
        (8259, 29767),
        (9277, 33608),
        (10298, 37449),
        (11320, 41290),
        (12340, 43210),
        (13360, 43210),
        (14377, 43210),
        (15408, 50892),
        (16436, 54733),
        (17469, 63375),
        (18538, 68176),
        (19562, 72017),
        (20575, 75857),
        (21596, 78738),
        (22630, 83539),
        (23649, 83539),
        (24663, 83539),
        (25673, 85460),
        (26689, 89301),
        (27705, 96022),
        (28727, 100823),
        (29740, 108505),
        (30754, 113306),
        (31773, 117147),
        (32795, 120028),
        (33830, 121948),
        (34845, 121948),
        (35860, 122908),
        (36885, 126749),
        (37901, 130590),
        (38937, 138272),
        (39952, 141152),
        (40970, 149794),
        (41986, 154596),
        (43003, 158436),
        (44020, 161317),
        (45065, 161317),
        (46091, 161317),
        (47109, 166118),
        (48128, 168999),
        (49144, 172840),
        (50160, 180522),
        (51175, 183402),
        (52192, 192044),
        (53221, 196845),
        (54237, 200686),
        (55254, 201646),
        (56275, 201646),
        (57291, 203567),
        (58389, 204847),
    ],
};

#[test]
fn the_end_of_what_was_measured_is_foretold_within_a_quarter_after_the_first_third() {
    for (name, measured) in [("evenly", EVENLY), ("in bursts", IN_BURSTS), ("in waves", IN_WAVES)] {
        let world = World::of(Rules::From43, 4, &[(&[1, 2], &[1, 3])], measured.size, Some(measured.rate));
        let mut job = world.job;
        let moved = &mut job.moves[0];
        (moved.state, moved.submitted_at, moved.memory.leader_before) = (MoveState::Copying, Some(START), None);
        let at = |millis: i64| Timestamp(START.0 + millis);
        let mut history = Vec::new();
        let mut compared = 0;
        for (now, kib) in measured.looks {
            let copied = (kib << 10).min(measured.size);
            history.push(Sample { at: at(*now), bytes: copied });
            job.moves[0].copied_bytes = Some(copied);
            let (earliest, latest) = progress(&job, &history, at(*now)).ends_at.expect("it can be told");
            if copied * 3 < measured.size {
                continue;
            }
            compared += 1;
            let left = measured.over - now;
            // The end shows at a look, and is verified at the next: a second each.
            let allowed = (left / 4).max(2_000);
            for end in [earliest, latest] {
                let told = end.since(at(*now));
                assert!((told - left).abs() <= allowed, "{name}: {told} ms told, {left} ms in truth");
            }
        }
        assert!(compared > 15, "{name}: {compared} looks");
    }
}
