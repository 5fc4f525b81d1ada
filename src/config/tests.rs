use super::*;
use std::path::Path;

fn env() -> Environment {
    Environment {
        login: Some("ada".into()),
        data_dir: Some("/data".into()),
        config_dir: Some("/nowhere".into()),
        ..Environment::default()
    }
}

fn broken(text: &str) -> String {
    File::parse(text, Path::new("/etc/a.toml")).unwrap_err().to_string()
}

#[test]
fn later_words_win() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config.toml");
    std::fs::write(&path, "store = \"s.db\"\nas = \"file\"\nseed = 7\ncolor = \"always\"\n[keys]\nreview = [\"x\"]\n")
        .unwrap();
    let plain = Settings::load(&Flags::default(), &env()).unwrap();
    assert_eq!((plain.store.to_str(), plain.reviewer.as_str(), plain.seed), (Some("/data/store.db"), "ada", 1));

    let mut flags = Flags { config: Some(path), ..Flags::default() };
    let filed = Settings::load(&flags, &env()).unwrap();
    assert_eq!((filed.store, filed.reviewer.as_str(), filed.seed), (dir.path().join("s.db"), "file", 7));
    assert_eq!((filed.color, filed.keys["review"].as_slice()), (Color::Always, &["x".to_owned()][..]));

    let told = Environment { store: Some("/env.db".into()), no_color: true, ..env() };
    let settings = Settings::load(&flags, &told).unwrap();
    assert_eq!((settings.store.to_str(), settings.color), (Some("/env.db"), Color::Never));
    assert_eq!(settings.encoders.to_str(), Some("/data/encoders"));
    let elsewhere = Environment { encoders: Some("/enc".into()), ..told.clone() };
    assert_eq!(Settings::load(&flags, &elsewhere).unwrap().encoders.to_str(), Some("/enc"));

    flags.store = Some("/flag.db".into());
    flags.color = Some(Color::Always);
    let settings = Settings::load(&flags, &told).unwrap();
    assert_eq!((settings.store.to_str(), settings.color), (Some("/flag.db"), Color::Always));
}

#[test]
fn a_broken_file_names_file_line_and_what_is_allowed() {
    let unknown = broken("seed = 1\nsede = 2\n");
    assert!(unknown.starts_with("/etc/a.toml:2: ") && unknown.contains("`test_share`"), "{unknown}");
    let variant = broken("\n\ncolor = \"red\"");
    assert!(variant.starts_with("/etc/a.toml:3: ") && variant.contains("`never`"), "{variant}");
    assert!(broken("test_share = 1.5").contains("from 0.01 to 0.9, not 1.5"));
    assert!(broken("seed = \"x\"").starts_with("/etc/a.toml:1: "));
    assert!(broken("seed 1").starts_with("/etc/a.toml:1: "));
    let flags = Flags { config: Some("/no/such.toml".into()), ..Flags::default() };
    assert!(Settings::load(&flags, &env()).unwrap_err().to_string().contains("/no/such.toml"));
}

#[test]
fn trainers_and_ais_are_checked_where_they_stand() {
    let text = "[trainer.sklearn]\ncommand = [\"python3\", \"sk.py\"]\nlimit = 60\noptions = { c = 0.5 }\n\
        [ai.bot]\nrasa = \"http://127.0.0.1:5005\"\nkey_env = \"BOT_KEY\"\n[ai.gpt]\nchat = \"https://a.example\"\nmodel = \"m\"\n\
        price = { input = 0.15 }\n";
    let outside = File::parse(text, Path::new("/etc/a.toml")).unwrap().outside;
    let trainer = &outside.trainers["sklearn"];
    assert_eq!((trainer.limit.as_secs(), trainer.reveal, trainer.dir.to_str()), (60, false, Some("/etc")));
    assert_eq!(trainer.options["c"], 0.5);
    assert_eq!((outside.ais["bot"].key_env.as_deref(), outside.ais["bot"].rate), (Some("BOT_KEY"), 5.0));
    assert_eq!(outside.ais["gpt"].price.input, 0.15);
    for (text, says) in [
        ("[trainer.a]\ncommand = []", "a.toml:1: trainer.a: command"),
        ("\n[trainer.\"a b\"]\ncommand = [\"x\"]", "letters, digits"),
        ("[trainer.builtin]\ncommand = [\"x\"]", "not builtin"),
        ("[trainer.a]\ncommand = [\"x\"]\nlimits = 3", "`limit`"),
        ("[ai.a]\nreveal = true", "exactly one of command, rasa and chat"),
        ("[ai.a]\nrasa = \"http://x\"\ncommand = [\"y\"]", "exactly one"),
        ("[ai.a]\nchat = \"http://x\"", "needs a model"),
        ("[ai.a]\nchat = \"http://x\"\nmodel = \"m\"\nprompt = \"hi\"", "{intents}"),
        ("[ai.a]\nrasa = \"ftp://x\"", "no http"),
        ("[ai.a]\nrasa = \"https://key@x\"", "key_env"),
        ("[ai.a]\nrasa = \"http://x\"\nrate = 0", "from 0.0001 to 10000, not 0"),
        ("[ai.a]\nrasa = \"http://x\"\nprice = { input = -1 }", "price.input must be a number from 0"),
        ("[ai.a]\nrasa = \"http://x\"\nkey = \"sk-123\"", "`key_env`"),
    ] {
        assert!(broken(text).contains(says), "{text}: {}", broken(text));
    }
}

#[test]
fn nobody_passes_for_an_import() {
    for name in ["import:star", " ", "appraise", "a\nb"] {
        let flags = Flags { reviewer: Some(name.into()), ..Flags::default() };
        assert!(Settings::load(&flags, &env()).is_err(), "{name:?}");
    }
}

/// Every place of a number in a TOML file, options that are handed over left out.
fn numbers(at: &toml::Value, path: &[String], found: &mut Vec<Vec<String>>) {
    match at {
        toml::Value::Table(inner) => {
            for (key, value) in inner.iter().filter(|(key, _)| *key != "options") {
                numbers(value, &[path, std::slice::from_ref(key)].concat(), found);
            }
        }
        toml::Value::Integer(_) | toml::Value::Float(_) => found.push(path.to_vec()),
        _ => {}
    }
}

#[test]
fn every_number_has_bounds_and_says_them() {
    let example: toml::Value = toml::from_str(&uncommented()).unwrap();
    let mut found = Vec::new();
    numbers(&example, &[], &mut found);
    assert!(found.len() >= 12, "{found:?}");
    for path in found {
        for odd in ["0", "-1", "-0.5", "nan", "inf", "-inf", "1e-300", "1e300", "18446744073709551615"] {
            let mut file = example.clone();
            let place = path.iter().fold(&mut file, |at, key| &mut at[key.as_str()]);
            *place = "@".into();
            let text = toml::to_string(&file).unwrap().replace("\"@\"", odd);
            let said = File::parse(&text, Path::new("/etc/a.toml")).map(|_| ()).map_err(|e| e.to_string());
            let (Err(words), key) = (&said, path.last().unwrap()) else {
                assert!(["0", "1e-300"].contains(&odd), "{path:?} takes {odd}");
                continue;
            };
            assert!(words.contains(key) && words.starts_with("/etc/a.toml:"), "{path:?} = {odd}: {words}");
            assert!(words.contains("from ") && words.contains(" to "), "{path:?} = {odd}: {words}");
        }
    }
    let seed = Flags { seed: Some(MAX_SEED), ..Flags::default() };
    assert_eq!(Settings::load(&seed, &env()).unwrap().seed, MAX_SEED);
}

#[test]
fn the_environment_reaches_the_network_only_where_it_is_asked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config.toml");
    let ais = "[ai]\nhere = { rasa = \"http://127.0.0.1:5005\" }\nthere = { rasa = \"https://bot.example\" }\n";
    std::fs::write(&path, ais).unwrap();
    let flags = Flags { config: Some(path), ..Flags::default() };
    let proxy = Some(crate::domain::SecretKey::new("http://proxy.example:3128".into()));
    let told = Environment { proxies: Proxies { all: proxy.clone(), ..Proxies::default() }, ..env() };
    let settings = Settings::load(&flags, &told).unwrap();
    assert_eq!((&settings.outside.ais["here"].proxy, &settings.outside.ais["there"].proxy), (&None, &proxy));
    assert_eq!(Settings::load(&flags, &env()).unwrap().outside.ais["there"].proxy, None);
    let hub = |said: &str| Settings::load(&flags, &Environment { hub: Some(said.into()), ..env() }).unwrap();
    assert_eq!(hub("https://mirror.example/hf").hub().unwrap(), Some("https://mirror.example/hf"));
    for odd in ["mirror", "https://key@mirror.example", "file:///etc", "https://a?b"] {
        assert!(hub(odd).hub().unwrap_err().to_string().contains("HF_ENDPOINT"), "{odd}");
    }
}

/// The example with all its lines in force.
fn uncommented() -> String {
    let lines = EXAMPLE.lines().map(|l| l.strip_prefix("# ").filter(|l| l.contains(" = ")).unwrap_or(l));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_changes_nothing_and_its_lines_are_settings() {
    assert_eq!(File::parse(EXAMPLE, Path::new("x")).unwrap(), File::default());
    let file = File::parse(&uncommented(), Path::new("x")).unwrap();
    assert_eq!((file.seed, file.test_share, file.keys.len()), (Some(SEED), Some(TEST_SHARE), 2));
    assert_eq!((file.outside.trainers.len(), file.outside.ais.len()), (1, 2));
}

#[test]
fn costs_must_be_such_that_they_can_be_weighed() {
    let costs = |text: &str| File::parse(text, Path::new("/etc/a.toml")).unwrap().costs;
    assert_eq!((costs("").wrong, costs("").handover), (5.0, 1.0));
    let cheap = costs("[costs]\nwrong = 2\n");
    assert_eq!((cheap.wrong, cheap.handover), (2.0, 1.0));
    for bad in ["wrong = -1", "handover = nan", "wrong = 0\nhandover = 0", "wrong = inf"] {
        let said = broken(&format!("[costs]\n{bad}\n"));
        assert!(said.starts_with("/etc/a.toml:1: costs"), "{bad}: {said}");
    }
    assert!(broken("[costs]\nwrogn = 1").contains("wrogn"));
}
