//! Stores that programs of former schemas made (`tests/fixtures/stores`): whoever opens one with this program loses nothing.

use super::shop::{Shop, words};
use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Schemas of which there is a store. 6 and 10 only existed on branches, with other migrations under those numbers.
const SCHEMAS: [u32; 14] = [1, 2, 3, 4, 5, 7, 8, 9, 11, 17, 18, 19, 21, 25];

/// What must be the same row by row before and after opening.
const KEPT: [(&str, &str); 8] = [
    (
        "decisions",
        "SELECT id, step, at, reviewer, kind, subject, turn, before, after, reason, undoes FROM decision ORDER BY id",
    ),
    ("steps", "SELECT id, at, reviewer, state, undoable FROM step ORDER BY id"),
    ("standing decisions", "SELECT subject, kind, turn, value, decision, reviewer FROM current ORDER BY 1, 2, 3"),
    ("people", "SELECT id, name, role, added_at FROM reviewer ORDER BY id"),
    (
        "gold items and their words",
        "SELECT g.version, g.turn, g.half, g.intents, g.weight, t.role, t.text
         FROM gold_item g JOIN turn t ON t.id = g.turn ORDER BY 1, 2",
    ),
    (
        "labels and their words",
        "SELECT c.subject, c.turn, c.value, c.reviewer, t.role, t.text
         FROM current c JOIN turn t ON t.id = (c.subject << 20 | c.turn) WHERE c.kind IN (1, 2, 9) ORDER BY 1, 2, c.kind",
    ),
    ("gold versions", "SELECT version, at, reviewer, reason, decision, looks FROM gold_version ORDER BY version"),
    ("cycle items", "SELECT cycle, place, conversation, audit, turn FROM cycle_item ORDER BY 1, 2"),
];

/// A store of a former schema, opened by nobody yet, and what the program that made it said of it.
struct Old {
    schema: u32,
    shop: Shop,
    said: Value,
}

fn fixture(name: &str, kind: &str) -> Vec<u8> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/stores");
    let path: PathBuf = dir.join(format!("{name}.{kind}.zst"));
    zstd::decode_all(std::fs::File::open(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))).unwrap()
}

/// A store, and what the program that made it said of it.
fn made(name: &str) -> (Shop, Value) {
    let shop = Shop::empty();
    std::fs::write(shop.store(), fixture(name, "db")).unwrap();
    (shop, serde_json::from_slice(&fixture(name, "json")).unwrap())
}

impl Old {
    fn of(schema: u32) -> Self {
        let (shop, said) = made(&format!("schema-{schema:02}"));
        Self { schema, shop, said }
    }

    fn all() -> impl Iterator<Item = Self> {
        SCHEMAS.into_iter().map(Self::of)
    }

    /// Opens it with this program, which brings it up to date.
    fn opened(schema: u32) -> Self {
        let old = Self::of(schema);
        old.shop.json(&["models"]);
        old
    }

    fn rows(&self, sql: &str) -> Vec<Vec<Cell>> {
        let db = Connection::open(self.shop.store()).unwrap();
        let mut query = db.prepare(sql).unwrap();
        let width = query.column_count();
        query.query_map([], |r| (0..width).map(|i| r.get(i)).collect()).unwrap().map(Result::unwrap).collect()
    }

    fn version(&self) -> i64 {
        let Cell::Integer(version) = self.rows("PRAGMA user_version")[0][0] else { panic!("no number") };
        version
    }
}

/// These keys of every object of a list.
fn only(list: &Value, keys: &str) -> Vec<BTreeMap<String, Value>> {
    let list = list.as_array().expect("a list");
    let keep = |o: &Value| words(keys).into_iter().map(|k| (k.to_owned(), o[k].clone())).collect();
    list.iter().map(keep).collect()
}

#[test]
fn what_people_decided_stays_as_it_is_row_by_row() {
    for old in Old::all() {
        assert_eq!(old.version(), i64::from(old.schema));
        let before = KEPT.map(|(_, sql)| old.rows(sql));
        assert!(before[0].len() > 100, "there are decisions to lose");
        old.shop.json(&["models"]);
        assert!(old.version() > 11, "schema {} is brought up to date", old.schema);
        for ((what, sql), before) in KEPT.iter().zip(before) {
            assert_eq!(old.rows(sql), before, "{what} of schema {}", old.schema);
        }
        assert_eq!(old.rows("PRAGMA integrity_check"), [[Cell::Text("ok".into())]], "schema {}", old.schema);
        assert!(old.rows("PRAGMA foreign_key_check").is_empty(), "schema {}", old.schema);
    }
}

#[test]
fn outcomes_counts_gold_cycles_and_registry_are_told_as_before() {
    for schema in SCHEMAS {
        let Old { shop, said, .. } = Old::opened(schema);
        let stats = shop.json(&["stats"]);
        for key in ["n", "excluded", "outcomes"] {
            for (name, was) in said["stats"][key].as_object().into_iter().flatten() {
                assert_eq!(&stats[key][name], was, "{key} {name} of schema {schema}");
            }
        }
        assert_eq!(stats["n"], said["stats"]["n"]);
        let same = |now: &Value, was: &Value, keys: &str| {
            assert_eq!(only(now, keys), only(was, keys), "schema {schema}");
        };
        let all = shop.json(&["queue", "--all", "--limit", "0"]);
        same(&all, &said["queue"], "id n outcome text status");
        same(&shop.json(&["queue", "--limit", "0"]), &said["open"], "id n outcome status");
        same(&shop.json(&["gold", "list"]), &said["gold"], "id n turn intents text pinned");
        same(&shop.json(&["gold", "versions"]), &said["gold_versions"], "version at by reason open sealed looks");
        same(&shop.json(&["cycle", "list"]), &said["cycles"], "id name opened_at opened_by closed_at scope goal done");
        let models = shop.json(&["models"]);
        same(&models, &said["models"], "release parent at by state seed decision gold_version trained_on sha256");
        same(&models, &said["models"], "intents train_seconds accuracy gate");
        // What was not told of the releases of learners then is told now.
        for (now, was) in models.as_array().unwrap().iter().zip(said["models"].as_array().unwrap()) {
            let is_same = was["verdict"].is_null() || now["verdict"] == was["verdict"];
            assert!(is_same, "schema {schema}: {now} {was}");
        }
        for was in said["show"].as_array().unwrap() {
            let name = format!("{}:{}", was["source"].as_str().unwrap(), was["id"].as_str().unwrap());
            let now = shop.json(&["show", &name]);
            assert_eq!(now["outcome"], was["outcome"], "{name} of schema {schema}");
            same(&now["turns"], &was["turns"], "role text gold_intents");
            same(&now["decisions"], &was["decisions"], "decision at reviewer kind turn before after reason undoes");
        }
    }
}

#[test]
fn releases_answer_as_they_did() {
    for schema in SCHEMAS {
        let Old { shop, said, .. } = Old::opened(schema);
        let was = said["predict"].as_array().unwrap();
        let texts: String = was.iter().map(|p| format!("{}\n", p["text"].as_str().unwrap())).collect();
        let answers = |release: &[&str]| -> Vec<Value> {
            let ran = shop.run_with(&[&["predict", "--json"], release].concat(), &texts);
            assert_eq!(ran.code, 0, "schema {schema} {release:?}: {}", ran.err);
            ran.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
        };
        let now = json!(answers(&[]));
        let same = "text intent out_of_scope";
        assert_eq!(only(&now, same), only(&said["predict"], same), "schema {schema}");
        // Models of n-grams alone have been summed in another order since: the last bits of a 32-bit number.
        let near = if schema < 4 { 1e-6 } else { 0.0 };
        for (now, was) in now.as_array().unwrap().iter().zip(was) {
            let rows = |p: &Value| p["ranking"].as_array().unwrap().clone();
            for (n, w) in rows(now).iter().zip(&rows(was)).chain([(now, was)]) {
                let apart = n["confidence"].as_f64().unwrap() - w["confidence"].as_f64().unwrap();
                assert!(n["intent"] == w["intent"] && apart.abs() <= near, "schema {schema}: {n} {w}");
            }
        }
        for former in ["v1", "v3"] {
            assert_eq!(answers(&["--release", former]).len(), was.len(), "schema {schema} {former}");
        }
    }
}

#[test]
fn releases_that_could_be_verified_still_can() {
    let mut verified = 0;
    for schema in SCHEMAS {
        let Old { shop, said, .. } = Old::opened(schema);
        for was in said["verify"].as_array().into_iter().flatten().filter(|v| v["reproduced"] == true) {
            let found = shop.json(&["models", "verify", &format!("v{}", was["release"])]);
            assert_eq!((&found["reproduced"], &found["again"]), (&json!(true), &was["sha256"]), "{schema}: {found}");
            verified += 1;
        }
    }
    assert_eq!(
        verified, 20,
        "three releases in each of six stores, of three recipes, and what sentiment and offers learnt in the last"
    );
}

/// Answers of the third recipe, sentiment and offers of the first: this program writes later ones.
#[test]
fn releases_of_former_recipes_give_the_answers_and_the_propensities_that_they_gave() {
    let Old { shop, said, .. } = Old::opened(25);
    let was = said["predict"].as_array().unwrap();
    let texts: String = was.iter().map(|p| format!("{}\n", p["text"].as_str().unwrap())).collect();
    let ran = shop.run_with(&["predict", "--json"], &texts);
    let now: Vec<Value> = ran.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(only(&json!(now), "text intent response"), only(&said["predict"], "text intent response"));
    assert!(now.iter().all(|p| p["response"].is_string()), "the third recipe answers whatever is asked");
    let recipe = |release: &str| {
        let shown = shop.json(&["models", "show", release]);
        shown["recipe"].as_str().unwrap().to_owned()
    };
    assert_eq!(["v4", "v5"].map(recipe), ["learns sentiment", "learns offers"]);
    // What is learnt now is of the newest recipe, beside them; all of them can be made again.
    for learner in ["sentiment", "offers"] {
        let made = shop.json(&["learn", learner]);
        let found = shop.json(&["models", "verify", &format!("v{}", made["release"])]);
        assert_eq!(found["reproduced"], true, "{found}");
    }
}

/// Offers by their second, third and fifth recipe, live where nobody labelled anything: this program writes a later one.
#[test]
fn offers_of_former_recipes_have_the_chances_that_they_had() {
    for recipe in ["offers-2", "offers-3", "offers-5"] {
        let (shop, said) = made(recipe);
        let asked: String = said["asked"].as_array().unwrap().iter().map(|a| format!("{a}\n")).collect();
        let ran = shop.run_with(&["predict", "--json"], &asked);
        let now: Vec<Value> = ran.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(now.len(), 6, "{recipe}: {}", ran.err);
        for (now, was) in now.iter().zip(said["predict"].as_array().unwrap()) {
            for key in ["propensity", "lo", "hi"] {
                let [now, was] = [now, was].map(|p| p["offers"][0][key].as_f64().unwrap());
                assert!((now - was).abs() < 1e-9, "{recipe}: {key} is {now} and was {was}");
            }
        }
        let verified = |release: &str| shop.json(&["models", "verify", release]);
        let again = verified("v1");
        assert_eq!((&again["reproduced"], &again["again"]), (&json!(true), &said["verify"]["sha256"]), "{again}");
        // The same answers teach something new by the recipe of today; what it says has an interval of its own.
        let made = format!("v{}", shop.json(&["learn", "offers"])["release"]);
        assert_eq!(verified(&made)["reproduced"], true);
        for line in shop.run_with(&["predict", "--json", "--release", &made], &asked).out.lines() {
            let offer = serde_json::from_str::<Value>(line).unwrap()["offers"][0].clone();
            let [p, lo, hi] = ["propensity", "lo", "hi"].map(|key| offer[key].as_f64().unwrap());
            assert!(0.0 < lo && lo < p && p < hi && hi < 1.0, "{recipe}: {offer}");
        }
    }
}

/// Sentiment by its third recipe, live where nobody labelled anything: this program writes a later one.
#[test]
fn customers_feel_by_a_former_recipe_as_they_did() {
    let (shop, said) = made("sentiment-3");
    let verified = |release: &str| shop.json(&["models", "verify", release]);
    let again = verified("v1");
    assert_eq!((&again["reproduced"], &again["again"]), (&json!(true), &said["verify"]["sha256"]), "{again}");
    // The same ratings teach something new by the recipe of today.
    let learnt = shop.json(&["learn", "sentiment"]);
    let made = format!("v{}", learnt["release"]);
    assert_eq!(verified(&made)["reproduced"], true);
    if learnt["promoted"] == json!(false) {
        shop.json(&["promote", &made, "--reason", "newer", "--override"]);
    }
    // Read again by the former one.
    shop.json(&["rollback", "--reason", "as before"]);
    let bad = shop.json(&["queue", "sentiment<0 test:shown", "--limit", "0"]);
    let mut bad: Vec<&str> = bad.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
    bad.sort_unstable();
    assert_eq!(json!(bad), said["bad"]);
}

/// Answers by their fifth recipe, live: this program writes a later one.
#[test]
fn answers_of_a_former_recipe_are_the_same_answers() {
    let (shop, said) = made("answers-5");
    let was: Vec<&Value> = said["predict"].as_array().unwrap().iter().collect();
    let asked: String = was.iter().map(|p| format!("{}\n", p["text"].as_str().unwrap())).collect();
    let answers = |release: &str| -> Vec<Value> {
        let ran = shop.run_with(&["predict", "--json", "--release", release], &asked);
        ran.out.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()["response"].clone()).collect()
    };
    let former: Vec<Value> = was.iter().map(|p| p["response"].clone()).collect();
    assert_eq!(answers("v1"), former);
    let again = shop.json(&["models", "verify", "v1"]);
    assert_eq!((&again["reproduced"], &again["again"]), (&json!(true), &said["verify"]["sha256"]), "{again}");
    // By the recipe of today a request that is not surely nearer to another's gets what most corrections say.
    let made = format!("v{}", shop.json_code(&["finetune"]).1["release"]);
    let (now, boat) =
        (answers(&made), was.iter().position(|p| p["text"] == "when does the boat to Rhodes leave").unwrap());
    assert_eq!((&former[boat], &now[boat]), (&json!("It leaves at dusk."), &json!("It is on its way.")));
    assert_eq!(shop.json(&["models", "verify", &made])["reproduced"], json!(true));
}

#[test]
fn fine_tuning_from_a_release_of_a_former_recipe_begins_from_scratch_and_says_so() {
    for schema in [11, 21] {
        let Old { shop, .. } = Old::opened(schema);
        let live = shop.json(&["models"]).as_array().unwrap().iter().find(|r| r["state"] == "live").unwrap()["release"]
            .clone();
        let ran = shop.run(&["finetune", "--json"]);
        let made: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!((&made["former_recipe"], &made["parent"]), (&live, &Value::Null), "schema {schema}");
        assert!(ran.err.contains(&format!("v{live} was made by a former recipe")), "{}", ran.err);
        let made = format!("v{}", made["release"]);
        let shown = shop.json(&["models", "show", &made]);
        assert!(shown["recipe"].as_str().unwrap().contains("from scratch since"), "{shown}");
        // It can be made again, and what comes next goes on from it.
        assert_eq!(shop.json(&["models", "verify", &made])["reproduced"], json!(true));
        shop.json(&["promote", &made, "--reason", "newer", "--override"]);
        let next: Value = serde_json::from_str(&shop.run(&["finetune", "--json"]).out).unwrap();
        assert_eq!((&next["former_recipe"], format!("v{}", next["parent"])), (&Value::Null, made));
    }
}

#[test]
fn what_customers_write_in_is_filled_in_where_a_store_did_not_know_it() {
    for schema in [11, 17, 18, 19] {
        let old = Old::opened(schema);
        let unread = |old: &Old| old.rows("SELECT id FROM conversation WHERE written IS NULL").len();
        assert_eq!(unread(&old), 115, "schema {schema}: opening does not make anybody wait");
        let said = old.shop.run(&["promote", "v3", "--reason", "again", "--override"]);
        assert_eq!((said.code, unread(&old)), (0, 0), "{}", said.err);
        let count = |query: &str| old.shop.json(&["queue", query, "--limit", "0"]).as_array().unwrap().clone();
        let (greek, latin) = (count("lang:el"), count("lang:el-Latn"));
        assert!(greek.len() > latin.len() && latin.len() > 5, "{} {}", greek.len(), latin.len());
        for row in &greek {
            let written = row["written"].as_str().unwrap();
            assert!(["el", "el-Latn"].contains(&written), "{row}");
        }
        let shown = old.shop.json(&["show", latin[0]["id"].as_str().unwrap()]);
        assert_eq!(shown["written"], json!("el-Latn"));
        let stats = old.shop.json(&["stats", "--by", "language"]);
        let found = stats["segments"].as_array().unwrap().iter().any(|s| s["language"] == "el-Latn");
        assert!(found, "{stats}");
    }
}
