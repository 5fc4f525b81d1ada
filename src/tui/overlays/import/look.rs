//! Drawing what a file holds before it is imported.

use crate::domain::Role as Speaker;
use crate::theme::Role;
use crate::tui::state::files::LogPreview;
use crate::tui::state::shared::StoreRead;
use crate::tui::widgets::canvas::centred;
use crate::tui::widgets::{Canvas, numbers, words};
use std::path::Path;

/// Draws what is known of the file.
pub fn draw(path: &Path, look: &StoreRead<LogPreview>, canvas: &mut Canvas) {
    let screen = canvas.frame.area();
    let wide = 84.min(screen.width.saturating_sub(4));
    let columns = usize::from(wide.saturating_sub(4));
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let (lines, foot) = match look {
        StoreRead::Waiting => (vec![("Reading its beginning …".to_owned(), Role::Muted)], "Esc goes back"),
        StoreRead::Failed(why) => (failed(why), "Esc goes back"),
        StoreRead::Ready(look) if look.read == 0 && look.rejected == 0 => {
            (vec![("It holds no conversations.".to_owned(), Role::Bad)], "Esc goes back")
        }
        StoreRead::Ready(look) => (found(look), "⏎ imports it   Esc goes back"),
    };
    let lines: Vec<(String, Role)> =
        lines.iter().flat_map(|(t, r)| words::wrap(t, columns).into_iter().map(move |l| (l, *r))).collect();
    let tall = (lines.len() as u16 + 4).min(screen.height.saturating_sub(4));
    let title = format!("Import {}", words::fit(&words::line(&name), columns.saturating_sub(12)));
    let inner = canvas.float(centred(screen, wide, tall), &title, Role::Accent);
    for ((text, role), y) in lines.iter().zip(inner.top()..inner.bottom().saturating_sub(1)) {
        canvas.text(inner.x, y, inner.width, text, *role);
    }
    canvas.text(inner.x, inner.bottom().saturating_sub(1), inner.width, foot, Role::Muted);
}

fn failed(why: &str) -> Vec<(String, Role)> {
    vec![
        ("✗ This file cannot be imported.".to_owned(), Role::Bad),
        (String::new(), Role::Text),
        (words::line(why), Role::Text),
    ]
}

fn found(look: &LogPreview) -> Vec<(String, Role)> {
    let mut out = vec![
        (format!("{}, format {}", numbers::bytes(look.size), words::line(&look.format)), Role::Heading),
        (format!("because: {}", words::line(&look.why)), Role::Muted),
    ];
    if look.rejected > 0 {
        let problem = look.problem.as_deref().map(words::line).unwrap_or_default();
        let n = look.read + look.rejected;
        out.push((format!("! {} of its first {n} records cannot be read: {problem}", look.rejected), Role::Bad));
    }
    for q in &look.questions {
        out.push((format!("? {}", words::line(&q.to_string())), if q.needed { Role::Bad } else { Role::Muted }));
    }
    if !look.sample.is_empty() {
        out.push((String::new(), Role::Text));
        out.push(("Its first conversation:".to_owned(), Role::Muted));
    }
    for (who, text) in &look.sample {
        let who = match who {
            Speaker::User => "customer",
            Speaker::Bot => "AI",
            Speaker::Agent => "colleague",
            Speaker::Tool => "tool",
            Speaker::System => "event",
        };
        let text = words::fit(&words::line(text), 140);
        out.push((format!("{} {text}", words::pad(who, 10)), Role::Text));
    }
    out.push((String::new(), Role::Text));
    out.push((
        "Conversations that are stored already are recognised: importing twice changes nothing.".to_owned(),
        Role::Muted,
    ));
    out
}
