//! Asking an AI that answers elsewhere: one question at a time, as often a second as it may be asked, again when it is busy.

use super::lines::answer;
use super::program::{ProgramLine, RunningProgram};
use crate::base::address::is_here;
use crate::domain::{Ai, AskingWay, Reporter, SecretKey, SpokenIntent};
use crate::jobs::{JobError, net};
use crate::text;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use ureq::Agent;
use ureq::http::{StatusCode, header};

/// Bytes of an answer, at most.
const ANSWER: u64 = 1 << 20;
/// The first wait before a question is asked again; it doubles.
const WAIT: Duration = Duration::from_millis(500);
/// The longest wait, also where a server asks for a longer one.
const LONGEST: Duration = Duration::from_secs(60);
/// How often it is asked whether to go on.
const LOOK: Duration = Duration::from_millis(50);
/// Characters of a server's own words that are shown.
const WORDS: usize = 200;

/// What an answer used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::jobs) struct TokenUse {
    pub input: u64,
    pub output: u64,
}

/// Why there is no answer.
enum AskFailure {
    /// It may answer later; after so long, where it says so.
    Again(String, Option<Duration>),
    /// It will not.
    Never(String),
}

/// An AI that is being asked.
pub(in crate::jobs) struct ExternalAsker<'a> {
    ai: &'a Ai,
    key: Option<&'a SecretKey>,
    agent: Agent,
    /// With the list of intents, where there is one.
    prompt: String,
    program: Option<RunningProgram>,
    next: Instant,
    questions: u64,
}

impl<'a> ExternalAsker<'a> {
    /// Prepares asking.
    ///
    /// # Errors
    /// The key would travel unencrypted; the proxy is none.
    pub fn new(ai: &'a Ai, key: Option<&'a SecretKey>, intents: &[&str]) -> Result<Self, JobError> {
        let (AskingWay::Rasa { url } | AskingWay::Chat { url, .. }) = &ai.ask else {
            return Self::prepared(ai, None, String::new());
        };
        Self::is_safe(ai, key, url)?;
        let prompt = match &ai.ask {
            AskingWay::Chat { prompt, .. } => prompt.replace("{intents}", &intents.join("\n")),
            _ => String::new(),
        };
        Self::prepared(ai, key, prompt)
    }

    /// Prepares asking something else than for intents: a chat endpoint is told this in place of its prompt, others get the texts
    /// alone.
    ///
    /// # Errors
    /// As [`ExternalAsker::new`].
    pub fn with_prompt(ai: &'a Ai, key: Option<&'a SecretKey>, prompt: &str) -> Result<Self, JobError> {
        match &ai.ask {
            AskingWay::Chat { url, .. } => {
                Self::is_safe(ai, key, url)?;
                Self::prepared(ai, key, prompt.to_owned())
            }
            _ => Self::new(ai, key, &[]),
        }
    }

    fn is_safe(ai: &Ai, key: Option<&SecretKey>, url: &str) -> Result<(), JobError> {
        if key.is_some() && !url.starts_with("https://") && !is_here(url) {
            return Err(JobError::Configuration(format!(
                "the key of {} would travel unencrypted to {url}; give an https address",
                ai.name
            )));
        }
        Ok(())
    }

    fn prepared(ai: &'a Ai, key: Option<&'a SecretKey>, prompt: String) -> Result<Self, JobError> {
        // No redirect is followed: what it names may be anybody.
        let agent = net::agent(ai.proxy.as_ref(), |c| c.timeout_global(Some(ai.timeout)).max_redirects(0))?;
        Ok(Self { ai, key, agent, prompt, program: None, next: Instant::now(), questions: 0 })
    }

    /// Asks about a text.
    ///
    /// # Errors
    /// It does not answer after all tries, or will not; cancelled.
    pub fn ask(&mut self, text: &str, reporter: &dyn Reporter) -> Result<(SpokenIntent, TokenUse), JobError> {
        let mut wait = WAIT;
        for tried in 0..=self.ai.retries {
            pause(self.next, reporter)?;
            self.next = Instant::now() + Duration::from_secs_f64(1.0 / self.ai.rate);
            let asked = match &self.ai.ask {
                AskingWay::Command { .. } => self.command(text, reporter)?,
                AskingWay::Rasa { url } => self.rasa(&with_path(url, "/model/parse"), text),
                AskingWay::Chat { url, model, .. } => self.chat(&with_path(url, "/v1/chat/completions"), model, text),
            };
            let (why, after) = match asked {
                Ok(said) => return Ok(said),
                Err(AskFailure::Never(why)) => return Err(self.gave_up(&why)),
                Err(AskFailure::Again(why, after)) => (why, after),
            };
            if tried == self.ai.retries {
                let tries = if tried == 0 { "1 try".to_owned() } else { format!("{} tries", u64::from(tried) + 1) };
                return Err(self.gave_up(&format!("{why}, after {tries}")));
            }
            self.next = Instant::now() + after.map_or(wait, |asked| asked.min(LONGEST));
            wait = (wait * 2).min(LONGEST);
        }
        Err(self.gave_up("it was never asked"))
    }

    fn gave_up(&self, why: &str) -> JobError {
        // A server may repeat what it was sent; for the same reason no error of the system is handed on as its cause.
        let why = match self.key {
            Some(key) => why.replace(key.expose(), "(the key)"),
            None => why.to_owned(),
        };
        JobError::outside(format!("the AI {} does not answer: {why}", self.ai.name))
    }

    fn command(
        &mut self,
        text: &str,
        reporter: &dyn Reporter,
    ) -> Result<Result<(SpokenIntent, TokenUse), AskFailure>, JobError> {
        let AskingWay::Command { command, dir } = &self.ai.ask else {
            return Ok(Err(AskFailure::Never("it is no program".into())));
        };
        let id = self.questions;
        self.questions += 1;
        let mut program = match self.program.take() {
            Some(program) => program,
            None => {
                let said = format!("the AI {}", self.ai.name);
                RunningProgram::start(&said, command, None, dir, ("APPRAISE_AI", &self.ai.name))?
            }
        };
        let mut line = json!({"id": id, "text": text}).to_string().into_bytes();
        line.push(b'\n');
        let until = Instant::now() + self.ai.timeout;
        let taken = program.tell(line);
        loop {
            reporter.step(ASKING, 0, 0)?;
            let failed = match program.hear(LOOK) {
                ProgramLine::Line(line) if !line.trim_start().starts_with('{') => continue,
                ProgramLine::Line(line) => match answer(&line, None) {
                    Ok((about, spoken)) if about == id => {
                        self.program = Some(program);
                        return Ok(Ok((spoken, TokenUse::default())));
                    }
                    Ok((other, _)) => format!("it answers question {other} in place of {id}"),
                    Err(e) => format!("it says what is no answer ({e})"),
                },
                ProgramLine::Nothing if taken && Instant::now() < until => continue,
                ProgramLine::Nothing => "no answer in time".to_owned(),
                ProgramLine::End => "it has ended".to_owned(),
            };
            program.end();
            return Ok(Err(AskFailure::Again(format!("{failed}{}", program.last_words()), None)));
        }
    }

    fn rasa(&self, url: &str, text: &str) -> Result<(SpokenIntent, TokenUse), AskFailure> {
        let said = self.post(url, &json!({ "text": text }))?;
        let guess = |g: &Value| Some((g["name"].as_str()?.to_owned(), sure(&g["confidence"])));
        let mut ranking: Vec<(String, Option<f64>)> =
            said["intent_ranking"].as_array().into_iter().flatten().filter_map(guess).collect();
        if !said["intent"].is_object() {
            return Err(AskFailure::Never("its answer has no `intent`: it is no Rasa server".to_owned()));
        }
        match guess(&said["intent"]) {
            // What the bot says when it does not understand is no intent.
            None => ranking.clear(),
            Some((name, _)) if name == "nlu_fallback" => ranking.clear(),
            Some(first) => {
                ranking.retain(|(name, _)| *name != first.0);
                ranking.insert(0, first);
            }
        }
        let response = said["response"].as_str().map(str::to_owned);
        Ok((SpokenIntent { ranking, response }, TokenUse::default()))
    }

    fn chat(&self, url: &str, model: &str, text: &str) -> Result<(SpokenIntent, TokenUse), AskFailure> {
        let messages = json!([{"role": "system", "content": self.prompt}, {"role": "user", "content": text}]);
        let said = self.post(url, &json!({"model": model, "messages": messages, "temperature": 0}))?;
        let Some(words) = said["choices"][0]["message"]["content"].as_str() else {
            return Err(AskFailure::Never("its answer has no `choices`: it is no chat endpoint".to_owned()));
        };
        let tokens = |key: &str| said["usage"][key].as_u64().unwrap_or(0);
        let used = TokenUse { input: tokens("prompt_tokens"), output: tokens("completion_tokens") };
        Ok((SpokenIntent { ranking: intent_in(words).into_iter().collect(), response: None }, used))
    }

    fn post(&self, url: &str, body: &Value) -> Result<Value, AskFailure> {
        let mut request = self.agent.post(url).header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = self.key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", key.expose()));
        }
        let mut response = request.send(body.to_string()).map_err(|e| AskFailure::Again(e.to_string(), None))?;
        let status = response.status();
        let after = response.headers().get(header::RETRY_AFTER).and_then(|v| v.to_str().ok()?.trim().parse().ok());
        let read = response.body_mut().with_config().limit(ANSWER).read_to_vec();
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(ureq::Error::BodyExceedsLimit(_)) => {
                return Err(AskFailure::Never("its answer is longer than 1 MB".to_owned()));
            }
            Err(e) => return Err(AskFailure::Again(e.to_string(), None)),
        };
        let words = || {
            let said: String = String::from_utf8_lossy(&bytes).chars().take(WORDS).collect();
            text::clean(said.trim()).to_string()
        };
        match status {
            StatusCode::OK => serde_json::from_slice(&bytes)
                .map_err(|_| AskFailure::Never(format!("it does not answer in JSON: {}", words()))),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
                Err(AskFailure::Again(format!("it answers {status}"), after.map(Duration::from_secs)))
            }
            _ if status.is_server_error() => {
                Err(AskFailure::Again(format!("it answers {status}"), after.map(Duration::from_secs)))
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Err(AskFailure::Never(format!("it answers {status}; look at its `key_env` in the configuration")))
            }
            _ => Err(AskFailure::Never(format!("it answers {status}: {}", words()))),
        }
    }
}

/// The stage that a measurement is in.
pub(in crate::jobs) const ASKING: &str = "asking the AI";

/// Waits until a moment.
fn pause(until: Instant, reporter: &dyn Reporter) -> Result<(), JobError> {
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        std::thread::sleep(left.min(LOOK));
        reporter.step(ASKING, 0, 0)?;
    }
}

/// A confidence that is one.
fn sure(value: &Value) -> Option<f64> {
    value.as_f64().filter(|c| (0.0..=1.0).contains(c))
}

/// The intent in what a language model says: the words themselves, or `{"intent": …, "confidence": …}`.
fn intent_in(words: &str) -> Option<(String, Option<f64>)> {
    let words = words.trim().trim_start_matches("```json").trim_matches('`').trim();
    if let Ok(Value::Object(said)) = serde_json::from_str(words) {
        let intent = said.get("intent")?.as_str()?;
        return Some((intent.to_owned(), said.get("confidence").and_then(sure)));
    }
    let line = words.lines().next_back()?.trim().trim_matches(|c: char| "\"'`*.".contains(c)).trim();
    (!line.is_empty()).then(|| (line.to_owned(), None))
}

fn with_path(url: &str, path: &str) -> String {
    let rest = url.split_once("//").map_or(url, |(_, rest)| rest);
    match rest.trim_end_matches('/').contains('/') {
        true => url.to_owned(),
        false => format!("{}{path}", url.trim_end_matches('/')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_language_model_says_is_read_and_nothing_is_made_up() {
        for (words, intent) in [
            ("refund_status", "refund_status"),
            ("  \"refund_status\".\n", "refund_status"),
            ("```json\n{\"intent\": \"refund_status\", \"confidence\": 0.5}\n```", "refund_status"),
            ("The intent is:\n**refund_status**", "refund_status"),
        ] {
            assert_eq!(intent_in(words).map(|i| i.0).as_deref(), Some(intent), "{words}");
        }
        assert_eq!(intent_in("{\"intent\":\"a\",\"confidence\":7}"), Some(("a".to_owned(), None)));
        assert_eq!(intent_in("{\"intent\":null}"), None);
        assert_eq!(intent_in(" \n"), None);
    }

    #[test]
    fn addresses_get_their_path_and_keys_stay_encrypted() {
        assert_eq!(with_path("http://a:5005/", "/model/parse"), "http://a:5005/model/parse");
        assert_eq!(with_path("https://a/openai/v1/chat/completions", "/x"), "https://a/openai/v1/chat/completions");
        let ask = AskingWay::Rasa { url: "http://bot.example".into() };
        let (rate, timeout) = (5.0, Duration::from_secs(1));
        let price = crate::domain::Price::default();
        let ai =
            Ai { name: "bot".into(), ask, key_env: None, reveal: false, rate, retries: 0, timeout, price, proxy: None };
        let key = SecretKey::new("sk-1234".into());
        let refused = ExternalAsker::new(&ai, Some(&key), &[]).err().unwrap().to_string();
        assert!(refused.contains("unencrypted") && !refused.contains("1234"), "{refused}");
        assert_eq!(format!("{key:?}"), "(a key)");
        assert!(ExternalAsker::new(&ai, None, &[]).is_ok());
    }
}
