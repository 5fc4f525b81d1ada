//! What trainers and AIs say: JSON lines, read without trust.

use crate::domain::SpokenIntent;
use crate::jobs::JobError;
use crate::text::name_key;
use serde::Deserialize;
use std::collections::HashSet;
use std::path::Path;

/// Bytes of a file of answers, at most.
const MOST: u64 = 1 << 30;

/// One answer as it is written.
#[derive(Debug, Deserialize)]
struct AnswerLine {
    id: u64,
    #[serde(default)]
    intent: Option<String>,
    #[serde(default)]
    confidence: Option<f64>,
    #[serde(default)]
    ranking: Vec<LineGuess>,
    #[serde(default)]
    response: Option<String>,
}

#[derive(Debug, Deserialize)]
struct LineGuess {
    intent: String,
    #[serde(default)]
    confidence: Option<f64>,
}

/// Why a line is no answer.
#[derive(Debug, thiserror::Error)]
pub(in crate::jobs) enum NoAnswer {
    #[error("{0}")]
    NotJson(#[from] serde_json::Error),
    #[error("the intent {0:?} is not the first of the ranking")]
    NotFirst(String),
    #[error("{0:?} is no intent of config.json")]
    UnknownIntent(String),
    #[error("the confidence of {0:?} is not between 0 and 1")]
    NoConfidence(String),
}

/// Reads one answer: which question it is about, and what it says. `intents`: those it may name, `None` for any.
pub(super) fn answer(line: &str, intents: Option<&HashSet<&str>>) -> Result<(u64, SpokenIntent), NoAnswer> {
    let line: AnswerLine = serde_json::from_str(line)?;
    let guesses = line.ranking.into_iter().map(|g| (g.intent, g.confidence));
    let ranking: Vec<(String, Option<f64>)> = match line.intent {
        None => guesses.collect(),
        Some(intent) => {
            let mut ranking: Vec<_> = guesses.collect();
            match ranking.first() {
                None => ranking.push((intent, line.confidence)),
                Some((first, _)) if *first != intent => {
                    return Err(NoAnswer::NotFirst(intent));
                }
                Some(_) => {}
            }
            ranking
        }
    };
    for (intent, confidence) in &ranking {
        let meant = |known: &HashSet<&str>| {
            known.contains(intent.as_str()) || known.iter().any(|k| name_key(k) == name_key(intent))
        };
        if intents.is_some_and(|known| !meant(known)) {
            return Err(NoAnswer::UnknownIntent(intent.clone()));
        }
        if confidence.is_some_and(|c| !(0.0..=1.0).contains(&c)) {
            return Err(NoAnswer::NoConfidence(intent.clone()));
        }
    }
    Ok((line.id, SpokenIntent { ranking, response: line.response }))
}

/// What an answer says, as one line that [`spoken`] reads.
pub(in crate::jobs) fn line_of(said: &SpokenIntent) -> String {
    let ranking: Vec<_> =
        said.ranking.iter().map(|(intent, c)| serde_json::json!({"intent": intent, "confidence": c})).collect();
    serde_json::json!({"id": 0, "ranking": ranking, "response": said.response}).to_string()
}

/// Reads what [`line_of`] wrote.
pub(in crate::jobs) fn spoken(line: &str) -> Result<SpokenIntent, NoAnswer> {
    answer(line, None).map(|(_, said)| said)
}

/// Reads a file of answers to the questions 0 to `n` - 1: each exactly once, the last line complete.
pub(super) fn read_answers(path: &Path, n: usize, intents: &HashSet<&str>) -> Result<Vec<SpokenIntent>, JobError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let wrong =
        |what: String| JobError::File { path: name.clone(), what: format!("{what}; the run is refused as a whole") };
    let meta = std::fs::symlink_metadata(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => wrong("the trainer has not written it".to_owned()),
        _ => wrong(e.to_string()),
    })?;
    if !meta.is_file() || meta.len() > MOST {
        return Err(wrong("it is no file, or too long".to_owned()));
    }
    let text = std::fs::read_to_string(path).map_err(|e| wrong(e.to_string()))?;
    if !text.is_empty() && !text.ends_with('\n') {
        return Err(wrong("the last line is incomplete: it was not written to its end".to_owned()));
    }
    let mut answers: Vec<Option<SpokenIntent>> = vec![None; n];
    for (i, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let (id, said) = answer(line, Some(intents)).map_err(|e| wrong(format!("line {}: {e}", i + 1)))?;
        let place = usize::try_from(id).ok().and_then(|id| answers.get_mut(id));
        match place {
            None => return Err(wrong(format!("line {}: nobody asked about id {id}", i + 1))),
            Some(Some(_)) => return Err(wrong(format!("line {}: id {id} is answered twice", i + 1))),
            Some(place) => *place = Some(said),
        }
    }
    let missing: Vec<usize> = answers.iter().enumerate().filter(|(_, a)| a.is_none()).map(|(i, _)| i).collect();
    if let Some(first) = missing.first() {
        return Err(wrong(format!("{} of {n} ids have no answer, the first is {first}", missing.len())));
    }
    let answers: Vec<SpokenIntent> = answers.into_iter().flatten().collect();
    if !answers.is_empty() && answers.iter().all(|a| a.ranking.is_empty() && a.response.is_some()) {
        return Err(wrong(
            "it has responses and no intents; responses are kept, but before and after are compared by intents"
                .to_owned(),
        ));
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, n: usize) -> Result<Vec<SpokenIntent>, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("predictions.jsonl");
        std::fs::write(&path, text).unwrap();
        read_answers(&path, n, &HashSet::from(["a", "b"])).map_err(|e| e.to_string())
    }

    #[test]
    fn whole_files_are_read_in_any_order() {
        let text = "{\"id\":1,\"intent\":\"b\",\"confidence\":0.5,\"response\":\"hi\"}\n\n{\"id\":0,\"intent\":null}\n\
            {\"id\":2,\"ranking\":[{\"intent\":\"a\",\"confidence\":1.0},{\"intent\":\"b\"}]}\n";
        let answers = read(text, 3).unwrap();
        assert_eq!(answers[0], SpokenIntent::default());
        assert_eq!(answers[1], SpokenIntent { ranking: vec![("b".into(), Some(0.5))], response: Some("hi".into()) });
        assert_eq!(answers[2].ranking, [("a".into(), Some(1.0)), ("b".into(), None)]);
        assert_eq!(read("", 0), Ok(Vec::new()));
    }

    #[test]
    fn what_is_half_written_or_wrong_is_refused_with_its_line() {
        for (text, says) in [
            ("{\"id\":0,\"intent\":\"a\"}\n{\"id\":1,\"intent\":\"a\"}", "incomplete"),
            ("{\"id\":0,\"intent\":\"a\"}\n", "1 of 2 ids have no answer, the first is 1"),
            ("{\"id\":0,\"intent\":\"a\"}\n{\"id\":0,\"intent\":\"a\"}\n", "line 2: id 0 is answered twice"),
            ("{\"id\":2,\"intent\":\"a\"}\n", "line 1: nobody asked about id 2"),
            ("{\"id\":-1,\"intent\":\"a\"}\n", "line 1: "),
            ("{\"id\":0,\"intent\":\"c\"}\n", "\"c\" is no intent"),
            ("{\"id\":0,\"intent\":\"a\",\"confidence\":1.5}\n", "between 0 and 1"),
            ("{\"id\":0,\"intent\":\"a\",\"confidence\":NaN}\n", "line 1: "),
            ("{\"id\":0,\"intent\":\"a\",\"ranking\":[{\"intent\":\"b\"}]}\n", "not the first"),
            ("{\"id\":0,\"response\":\"x\"}\n{\"id\":1,\"response\":\"y\"}\n", "no intents"),
            ("{\"id\":0,", "incomplete"),
            ("garbage\n", "line 1: "),
        ] {
            let error = read(text, 2).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
        let nowhere = read_answers(Path::new("/nowhere/predictions.jsonl"), 1, &HashSet::new()).unwrap_err();
        assert!(nowhere.to_string().contains("has not written"), "{nowhere}");
    }
}
