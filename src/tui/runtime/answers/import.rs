//! What is asked while a file is chosen: no store, only files.

use crate::tui::runtime::desk::WorkingDesk;
use crate::tui::runtime::files;
use crate::tui::state::request::import::{ImportAnswer, ImportRequest};

/// Answers a request of whoever chooses a file.
pub fn answer(desk: &WorkingDesk, request: ImportRequest) -> ImportAnswer {
    let profiles = desk.profiles.as_deref();
    match request {
        ImportRequest::List(dir) => ImportAnswer::Listed(files::list(&dir)),
        ImportRequest::Look(path, reading) => {
            let look = files::look(&path, reading, profiles, (desk.clock)()).map(Box::new);
            ImportAnswer::Looked(path, look)
        }
        ImportRequest::SaveProfile(name, mapping) => {
            let saved = files::save_profile(profiles, &name, &mapping);
            ImportAnswer::ProfileSaved(name, saved)
        }
    }
}
