//! What a person says of a log that has no columns: who its speakers are, and what else only they can tell.

use crate::domain::{Role as Speaker, Zone};
use crate::ingest::{DateOrder, ImportQuestion, Speakers};
use crate::theme::Role;
use crate::tui::state::choice::TextQuestion;
use crate::tui::state::files::{LogPreview, LogReading};
use crate::tui::state::float::PromptSpec;
use crate::tui::state::shared::StoreRead;
use crate::tui::widgets::words;

/// Speakers that can be placed one by one; all others are placed together.
const ONE_BY_ONE: usize = 20;
/// Stands for all who are not named.
const OTHERS: &str = "*";

/// A speaker, and who that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldSpeaker {
    /// As the log names them; `*`: all others.
    pub name: String,
    /// How often they were met in the beginning.
    pub met: u64,
    /// `None`: nobody has said it.
    pub role: Option<Speaker>,
}

/// What was said of a log.
#[derive(Debug, Default)]
pub struct ToldOfLog {
    /// The selected line.
    pub selected: usize,
    /// Its speakers whom its own words do not place.
    pub speakers: Vec<ToldSpeaker>,
    date_order: Option<DateOrder>,
    encoding: Option<String>,
    tz: Option<Zone>,
    /// What `--map` would say, an answer each.
    map: Vec<String>,
}

/// One line that can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToldLine {
    /// Begins the import.
    Import,
    /// A speaker: who is that?
    Speaker(usize),
    /// Anything else that is asked.
    Answer,
}

impl ToldOfLog {
    /// Takes speakers whom nobody has placed; those that are known stay as they are.
    pub fn meet(&mut self, strangers: &[(String, u64)]) {
        let is_new = |name: &String, speakers: &[ToldSpeaker]| !speakers.iter().any(|s| s.name == *name);
        for (name, met) in strangers.iter().take(ONE_BY_ONE) {
            if is_new(name, &self.speakers) {
                self.speakers.push(ToldSpeaker { name: name.clone(), met: *met, role: None });
            }
        }
        let others = OTHERS.to_owned();
        if self.speakers.len() > 2 && is_new(&others, &self.speakers) {
            self.speakers.push(ToldSpeaker { name: others, met: 0, role: None });
        }
    }

    /// What can be chosen, line by line; of a file that cannot be read, to say what would make it readable.
    pub fn lines(&self, look: &StoreRead<LogPreview>) -> Vec<ToldLine> {
        match look {
            StoreRead::Waiting => Vec::new(),
            StoreRead::Failed(why) if why.contains("--map ") => vec![ToldLine::Answer],
            StoreRead::Failed(_) => Vec::new(),
            StoreRead::Ready(look) => self.of_preview(look),
        }
    }

    fn of_preview(&self, look: &LogPreview) -> Vec<ToldLine> {
        let import = (look.read > 0 || look.rejected > 0 || !look.questions.is_empty()).then_some(ToldLine::Import);
        let answer = look.questions.iter().any(|q| !self.is_about_speakers(q)).then_some(ToldLine::Answer);
        let speakers = (0..self.speakers.len()).map(ToldLine::Speaker);
        import.into_iter().chain(speakers).chain(answer).collect()
    }

    /// Whether the list of speakers answers it.
    pub fn is_about_speakers(&self, question: &ImportQuestion) -> bool {
        !self.speakers.is_empty() && question.settle.starts_with("--speakers")
    }

    /// Selects the first line that waits for somebody's word, and gives it.
    pub fn go_to_open(&mut self, lines: &[ToldLine]) -> Option<ToldLine> {
        let is_open = |line: &ToldLine| match *line {
            ToldLine::Import => false,
            ToldLine::Speaker(i) => self.speakers.get(i).is_some_and(|s| s.role.is_none()),
            ToldLine::Answer => true,
        };
        let at = lines.iter().position(is_open)?;
        self.selected = at;
        lines.get(at).copied()
    }

    /// Moves the selection.
    pub fn step(&mut self, by: isize, lines: usize) {
        self.selected = self.selected.saturating_add_signed(by).min(lines.saturating_sub(1));
    }

    /// Says the next of what a speaker may be.
    pub fn turn(&mut self, speaker: usize) {
        const WAYS: [Option<Speaker>; 5] =
            [None, Some(Speaker::User), Some(Speaker::Bot), Some(Speaker::Agent), Some(Speaker::System)];
        if let Some(speaker) = self.speakers.get_mut(speaker) {
            let at = WAYS.iter().position(|way| *way == speaker.role).unwrap_or(0);
            speaker.role = WAYS[(at + 1) % WAYS.len()];
        }
    }

    /// Takes an answer as flags write it: `--speakers Sofia=bot`, `--date-order dmy`, `--encoding windows-1253`, `--tz Europe/Nicosia`,
    /// `--map text=message`.
    ///
    /// # Errors
    /// Why it is none, for a person.
    pub fn settle(&mut self, given: &str) -> Result<(), String> {
        let given = given.trim();
        let value = |flag: &str| given.strip_prefix(flag).map(|rest| rest.trim_start_matches(['=', ' ']).trim());
        if let Some(said) = value("--speakers") {
            let items: Vec<String> =
                said.split(',').map(|item| item.trim_matches(['"', '\'', ' ']).to_owned()).collect();
            for (name, role) in Speakers::of(&items)?.given() {
                match self.speakers.iter_mut().find(|s| s.name == *name) {
                    Some(speaker) => speaker.role = Some(*role),
                    None => self.speakers.push(ToldSpeaker { name: name.clone(), met: 0, role: Some(*role) }),
                }
            }
        } else if let Some(order) = value("--date-order") {
            self.date_order = Some(order.parse().map_err(|_| "--date-order dmy, mdy or ymd, please".to_owned())?);
        } else if let Some(name) = value("--encoding").filter(|name| !name.is_empty()) {
            self.encoding = Some(name.to_owned());
        } else if let Some(zone) = value("--tz") {
            self.tz = Some(
                zone.parse().map_err(|_| "--tz and the name of a zone, such as Europe/Nicosia, please".to_owned())?,
            );
        } else if let Some(said) = value("--map").map(words_of_shell).filter(|said| said.contains('=')) {
            self.map.push(said);
        } else {
            return Err("such as --speakers Sofia=bot, --date-order dmy or --map text=message, please".to_owned());
        }
        Ok(())
    }

    /// As a log is read by it.
    pub fn reading(&self) -> LogReading {
        let placed = self.speakers.iter().filter_map(|s| Some((s.name.clone(), s.role?)));
        LogReading {
            mapping: None,
            map: (!self.map.is_empty()).then(|| self.map.join(",")),
            tz: self.tz,
            speakers: placed.collect(),
            date_order: self.date_order,
            encoding: self.encoding.clone(),
        }
    }
}

/// Columns of who a speaker is, with the gap before it, and of how often they were met.
const WHO: usize = 22;
const MET: usize = "  9,999 at the beginning".len();
/// Fewest and most columns of a speaker's name.
const SHORTEST: usize = 8;
const LONGEST: usize = 28;

impl ToldSpeaker {
    /// How a line of so many columns shows it: the name, and who that is.
    pub fn words(&self, columns: usize) -> Vec<(String, Role)> {
        let columns = columns.saturating_sub(WHO + MET).clamp(SHORTEST, LONGEST);
        let name = if self.name == OTHERS { "all others".to_owned() } else { words::line(&self.name) };
        let (who, role) = match self.role {
            None => ("who is this?", Role::Bad),
            Some(Speaker::User) => ("customer", Role::Accent),
            Some(Speaker::Bot) => ("AI", Role::Accent),
            Some(Speaker::Agent) => ("colleague", Role::Accent),
            Some(Speaker::Tool) => ("tool", Role::Accent),
            Some(Speaker::System) => ("what the system says", Role::Accent),
        };
        let met = if self.met > 0 { format!("  {} at the beginning", self.met) } else { String::new() };
        vec![
            (words::pad(&words::fit(&name, columns), columns), Role::Text),
            (format!("  {}", words::pad(who, WHO - 2)), role),
            (met, Role::Muted),
        ]
    }
}

/// What was written for a shell, without its quotes.
pub fn words_of_shell(text: &str) -> String {
    text.trim().trim_matches(['"', '\'']).to_owned()
}

/// Asks what settles the first question that is not about speakers, or what makes a file readable.
pub fn asks(look: &StoreRead<LogPreview>) -> PromptSpec {
    let notes = match look {
        StoreRead::Waiting => None,
        StoreRead::Failed(why) => Some(vec![(words::line(why), Role::Text)]),
        StoreRead::Ready(look) => {
            let others = look.questions.iter().filter(|q| !q.settle.starts_with("--speakers"));
            others.min_by_key(|q| !q.needed).map(|q| {
                vec![
                    (format!("{}: {}", words::line(&q.about), words::line(&q.seen)), Role::Text),
                    (words::line(&q.settle), Role::Muted),
                ]
            })
        }
    };
    PromptSpec {
        question: TextQuestion::Mapping,
        title: "What settles it, as the flag writes it".to_owned(),
        notes: notes.unwrap_or_default(),
        text: String::new(),
    }
}
