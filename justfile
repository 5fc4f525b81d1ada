# The recipes are CI's steps: `just ci` runs what .ci/run runs.

# Everything that CI runs, in its order.
ci: fmt lint doc test minimum statistics demo trainer export force-quick fuzz-quick

# Formatting is what rustfmt says.
fmt:
    cargo fmt --check
    cargo fmt --check --manifest-path fuzz/Cargo.toml

# No warnings on any target.
lint:
    cargo clippy --all-targets --locked -- -D warnings

# Every public item is documented and every link resolves.
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --locked

# The README's test command.
test:
    cargo test --locked

# The oldest Rust that Cargo.toml names builds it (rustup fetches that toolchain).
minimum:
    rustup toolchain install 1.95 --profile minimal
    cargo +1.95 check --locked --lib --bins

# Licences, advisories, bans of all dependencies (needs cargo-deny).
deny:
    cargo deny check

# Verdict, gate and intervals beside SciPy and statsmodels on random tables.
statistics:
    cargo build --locked --example statistics
    python3 benches/compare/verdicts.py

# The README's demo command, without the screen.
demo:
    rm -f target/ci-demo.db*
    cargo run --release --locked -- demo --no-tui --store target/ci-demo.db
    cargo run --release --locked -- stats --store target/ci-demo.db --by month

# An external trainer on a small demo: scikit-learn learns, is judged, and serves.
trainer:
    rm -f target/ci-trainer.db*
    cargo run --release --locked -- demo --no-tui --weeks 4 --per-week 100 --store target/ci-trainer.db
    python3 benches/compare/trainers.py target/ci-trainer.db --only sklearn

# The demo's report recounted from its rows, and its page in a headless browser.
report:
    cargo build --release --locked
    python3 benches/compare/report.py target/ci-demo.db --program target/release/appraise

# An exported model of the demo, read by its own reader, beside `appraise predict`.
export:
    python3 benches/compare/export.py target/ci-demo.db --release live

# Three minutes of kills, failing system calls, full disks, damaged and forged stores, hostile text.
force-quick:
    cargo build --release --locked
    python3 tests/force/run.py target/release/appraise --quick --seed 1

# The same for as long as it takes; --only, --scale, --seed, --seconds.
force PROGRAM="target/release/appraise" *ARGS:
    python3 tests/force/run.py {{PROGRAM}} {{ARGS}}

# Half a minute of coverage-guided fuzzing for each target; needs a nightly toolchain and cargo-fuzz, and is left out without them.
fuzz-quick:
    fuzz/run.sh 30

# The same for as long as it takes: seconds for each target, and which (all of fuzz/fuzz_targets unless said).
fuzz SECONDS="600" *TARGETS:
    fuzz/run.sh {{SECONDS}} {{TARGETS}}

# The README's pictures, drawn from real frames of the demo.
screens:
    cargo build --release
    cargo run --example screens -- target/release/appraise

# Accept changed snapshots after looking at them (needs cargo-insta).
review:
    cargo insta review

# appraise, scikit-learn and fastText on `text,intent` files: the README's table (installs the peers into target/peers).
peers-intents NAME TRAIN TEST:
    cargo build --release
    python3 benches/compare/peers.py --set {{NAME}} {{TRAIN}} {{TEST}}

# Groups without labels beside scikit-learn's k-means (told how many) and HDBSCAN on the same vectors, in one run. VECTORS: rows of the file as .npy.
peers-patterns FILE VECTORS:
    cargo build --release
    python3 benches/compare/patterns.py {{FILE}} {{VECTORS}}

# How much groups of texts hang on chance: two seeds, two random halves. VECTORS as above, else the built-in ones.
stability FILE *VECTORS:
    cargo run --release --example stability -- {{FILE}} {{VECTORS}}

# What training costs as the data grows.
growth TRAIN:
    cargo build --release
    python3 benches/compare/peers.py --growth {{TRAIN}}

# scikit-learn, fastText and Spark MLlib as trainers beside the built-in classifier, on a copy of a store; each comparison is computed anew
# (installs them into target/trainers; Java 17 for Spark).
peers STORE:
    cargo build --release
    python3 benches/compare/trainers.py {{STORE}} --confirm

# scikit-learn on the training and gold set of a store's newest run, beside what `finetune` said (needs scikit-learn).
peers-store STORE:
    python3 benches/compare/store.py {{STORE}}

# Every figure of `compare BEFORE AFTER` computed anew from the gold labels and what `predict` says (needs scipy, statsmodels, scikit-learn).
peers-comparison STORE BEFORE AFTER:
    cargo build --release
    python3 benches/compare/comparison.py target/release/appraise {{STORE}} {{BEFORE}} {{AFTER}}

# What learns by itself, in one run: sentiment and offers beside scikit-learn, VADER and Vowpal Wabbit; what Responses and Signals say of
# a store, counted anew from its tables (SciPy for prior and posterior); off-policy values of logs beside vw-estimators and obp. Peers that
# are not installed are said to be missing (`pip install scikit-learn vaderSentiment vowpalwabbit scipy vw-estimators obp`).
peers-signals TRAIN TEST OFFERS STORE *LOGS:
    cargo build --release
    python3 benches/compare/signals.py target/release/appraise --train {{TRAIN}} --test {{TEST}} --offers {{OFFERS}}
    python3 benches/compare/answers.py {{STORE}} target/release/appraise
    python3 benches/compare/policies.py target/release/appraise {{LOGS}}

# The jobs of assets/sampling on real logs: rates from counts and from samples beside importing everything (installs DuckDB and Spark
# into target/peers/sampling; Java 17 for Spark).
peers-sampling +LOGS:
    cargo build --release
    python3 benches/compare/sampling.py {{LOGS}}

# Importing, and working in a store while somebody else imports, beside plain SQLite.
bench-import N="100000":
    cargo bench --bench import -- --n {{N}}

# What one waits for in the queue of a store, beside its floors. Changes nothing but a label, which it takes back.
bench-queue STORE:
    cargo bench --bench queue -- {{STORE}}

# Loading a canonical log and a first frame, beside other programs where they are installed.
peers-large LOG:
    cargo build --release --example bare
    cargo build --release
    python3 benches/compare/large.py target/release/appraise target/release/examples/bare {{LOG}}
