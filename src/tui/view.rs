//! The frame: tabs on top, a screen, hints at the foot, and what floats above.

use crate::action::{Action, ActionRow, rows};
use crate::domain::ReleaseId;
use crate::store::{Overview, SearchState};
use crate::theme::Role;
use crate::tui::foot;
use crate::tui::guide::enabled::enabled;
use crate::tui::guide::tour;
use crate::tui::overlays::Overlay;
use crate::tui::screens::tune::view::renewing_words;
use crate::tui::state::app::App;
use crate::tui::state::seen::{ScreenHit, SeenFrame};
use crate::tui::state::tab::ScreenTab;
use crate::tui::state::work::JobProgress;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::Frame;
use ratatui::layout::Rect;

/// The least room in which every screen still works.
pub const LEAST: (u16, u16) = (60, 18);

/// Draws everything; gives what was drawn where, for the mouse and for paging.
pub fn view(app: &App, frame: &mut Frame) -> SeenFrame {
    let area = frame.area();
    let mut canvas = Canvas::new(frame, app.shared.theme);
    canvas.seen.height = area.height;
    if area.width < LEAST.0 || area.height < LEAST.1 {
        too_small(&mut canvas, area);
        return canvas.seen;
    }
    header(app, &mut canvas, area);
    canvas.rule(area, area.y + 1);
    let inside = Rect { x: area.x + 1, width: area.width - 2, ..area };
    let strip = tour::rows(app, inside.width).min(area.height - 4);
    let body = Rect { y: area.y + 2, height: area.height - 4 - strip, ..inside };
    app.front().draw(&app.shared, &mut canvas, body);
    tour::draw(app, &mut canvas, Rect { y: body.bottom(), height: strip, ..inside });
    canvas.rule(area, area.bottom() - 2);
    let foot = Rect { y: area.bottom() - 2, height: 1, ..inside };
    foot::decided(app, &mut canvas, foot);
    footer(app, &mut canvas, Rect { y: area.bottom() - 1, height: 1, ..inside });
    // What floats lies above the page, and above what floated before it.
    for overlay in &app.overlays {
        canvas.dim();
        overlay.draw(&app.shared, &mut canvas);
    }
    foot::message(app, &mut canvas, foot);
    canvas.seen
}

fn too_small(canvas: &mut Canvas, area: Rect) {
    let text = format!("{} × {} is too small; {} × {} is enough.", area.width, area.height, LEAST.0, LEAST.1);
    for (line, y) in words::wrap(&text, usize::from(area.width)).iter().zip(area.top()..area.bottom()) {
        canvas.text(area.x, y, area.width, line, Role::Text);
    }
}

fn header(app: &App, canvas: &mut Canvas, area: Rect) {
    let mut x = area.x + 1;
    if area.width >= 140 {
        x = canvas.text(x, area.y, 12, "appraise", Role::Heading) + 3;
    }
    let (tabs, reserve) = tabs(app, area.width, (area.right() - 1).saturating_sub(x));
    for tab in tabs {
        let from = x;
        x = canvas.text(x, area.y, 3, &tab.key, Role::Muted);
        let word = x;
        x = canvas.text(x, area.y, 12, tab.word, if tab.tab == app.tab { Role::Focus } else { Role::Muted });
        if tab.tab == app.tab {
            canvas.underline(Rect { x: word, y: area.y, width: x.saturating_sub(word), height: 1 });
        }
        x = canvas.text(x, area.y, words::width(&tab.count) as u16, &tab.count, Role::Muted);
        canvas.hit(
            Rect { x: from, y: area.y, width: x.saturating_sub(from), height: 1 },
            ScreenHit::Act(Action::Tab(tab.tab.number())),
        );
        x += tab.gap;
    }
    let room = Rect { x, width: (area.right() - 1).saturating_sub(x), ..area };
    let parts = status(app, room.width.saturating_sub(reserve));
    // From the right, as many parts as there is room for; the last is the most important.
    let mut right = room;
    for (text, role) in parts.iter().rev() {
        if words::width(text) as u16 + 1 > right.width {
            break;
        }
        let at = canvas.right(right, area.y, text, *role);
        right.width = at.saturating_sub(right.x + 3);
    }
}

/// How long the words on the tabs are: of all of them alike.
#[derive(Clone, Copy)]
enum TabWords {
    /// Written out.
    Whole,
    /// A few letters.
    Short,
    /// Three letters.
    Least,
    /// Three letters, and no counts of what waits.
    Bare,
}

/// A tab as it is drawn.
struct TabLabel {
    tab: ScreenTab,
    key: String,
    word: &'static str,
    count: String,
    gap: u16,
}

impl TabLabel {
    fn width(&self) -> u16 {
        (words::width(&self.key) + words::width(self.word) + words::width(&self.count)) as u16 + self.gap
    }
}

/// The tabs with the longest words that leave, of so many columns, room for what the right end says at least. What the header gives up, in
/// this order: what kind of name it is and what is live beside what answers; letters of tabs; the store; what waits on tabs; the person. How
/// far the cycle is and the release that answers go last. On every tab the header is in one form, as if the widest were drawn: gives how many
/// columns that is wider, too.
fn tabs(app: &App, columns: u16, room: u16) -> (Vec<TabLabel>, u16) {
    let width = |tabs: &[TabLabel]| tabs.iter().map(TabLabel::width).sum::<u16>();
    let desk = DeskWords::of(app);
    let all = [TabWords::Whole, TabWords::Short, TabWords::Least, TabWords::Bare];
    let [here, widest] = [vec![app.tab == ScreenTab::Review], vec![true, false]].map(|ways| {
        all.map(|long| ways.iter().map(|review| width(&labels(app, columns, long, *review))).max().unwrap_or(0))
    });
    let leaves = |ways: &[Vec<String>], tabs: &[u16]| {
        tabs.iter().position(|tabs| desk.first_in(ways, room.saturating_sub(*tabs)).is_some())
    };
    let counted = &widest[..widest.len() - 1];
    let held = leaves(&desk.naming, counted)
        .or_else(|| leaves(&desk.telling, &widest))
        .or_else(|| leaves(&desk.least, &widest));
    let at = held.or_else(|| widest.iter().position(|tabs| *tabs <= room)).unwrap_or(all.len() - 1);
    (labels(app, columns, all[at], app.tab == ScreenTab::Review), widest[at] - here[at])
}

fn labels(app: &App, columns: u16, long: TabWords, in_review: bool) -> Vec<TabLabel> {
    let gap = if columns >= 130 { 2 } else { 1 };
    // Review says on its own line what waits; its seven letters more would take the place of what is live.
    let cramped = in_review && columns < 90;
    // In Review digits mean intents.
    let lead = if in_review { "g" } else { "" };
    let label = |tab: ScreenTab| {
        let word = match long {
            TabWords::Whole => tab.title(),
            TabWords::Short => tab.short(),
            TabWords::Least | TabWords::Bare => tab.least(),
        };
        let count = waiting(app, tab)
            .filter(|_| !cramped && !matches!(long, TabWords::Bare))
            .map(|n| format!(" {}", numbers::count(n)));
        TabLabel { tab, key: format!("{lead}{} ", tab.number()), word, count: count.unwrap_or_default(), gap }
    };
    ScreenTab::ALL.into_iter().map(label).collect()
}

/// How much waits on a tab.
fn waiting(app: &App, tab: ScreenTab) -> Option<u64> {
    let counts = app.shared.overview.ready()?;
    match tab {
        ScreenTab::Queue => Some(counts.open).filter(|n| *n > 0),
        ScreenTab::Responses => Some(counts.waiting_corrections()).filter(|n| *n > 0),
        ScreenTab::Overview | ScreenTab::Patterns | ScreenTab::Review | ScreenTab::FineTune | ScreenTab::Signals => {
            None
        }
    }
}

/// The store as people call it.
fn store_name(app: &App) -> String {
    if app.shared.counts().demo { "demo".to_owned() } else { words::fit(&app.shared.store, 20) }
}

/// Columns of a store's name below which it names nothing.
const NAMED: usize = 6;

/// Whose desk this is: how far the cycle is, the store, the person, the release that answers. Each way is one or two parts, the fullest
/// comes first.
struct DeskWords {
    /// Ways that name the store, where it has a name.
    naming: Vec<Vec<String>>,
    /// Ways that leave it out.
    telling: Vec<Vec<String>>,
    /// Ways that leave the person out, too.
    least: Vec<Vec<String>>,
    /// Columns that are taken by what goes before all of it.
    taken: u16,
}

impl DeskWords {
    fn of(app: &App) -> Self {
        let counts = app.shared.counts();
        let store = store_name(app);
        let who = words::fit(&words::line(&app.shared.reviewer), 16);
        let named = |release: Option<ReleaseId>| release.map(|v| format!("v{}", v.0)).unwrap_or_default();
        let join = |parts: &[&str]| parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(" · ");
        // What is live may have added a part to what answers: that goes before it.
        let (live, release) = (named(counts.live), named(counts.answering.or(counts.live)));
        let answers = counts.answering.map(|_| format!("{release} answers")).unwrap_or_default();
        let does = match counts.live_adds {
            Some("sentiment") => "tells feelings",
            Some("offers") => "ranks offers",
            _ => "is live",
        };
        let is_live = if live.is_empty() { String::new() } else { format!("{live} {does}") };
        let telling = if answers.is_empty() { &release } else { &answers };
        let [whole, usual] = [join(&[&store, &who, &answers, &is_live]), join(&[&store, &who, telling])];
        let [short, cut] = [&store, &words::fit(&store, NAMED)].map(|store| join(&[store, &who, &release]));
        let theirs = join(&[&who, &release]);
        let taken = foremost(app).map_or(0, |(words, _)| words::width(&words) as u16 + 3);
        let Some(cycle) = &counts.cycle else {
            let naming = [whole, usual, short, cut].map(|identity| vec![identity]).into();
            return Self { naming, telling: vec![vec![theirs]], least: vec![vec![release]], taken };
        };
        let name = words::fit(&words::line(&cycle.name), 16);
        let done = format!("{}/{}", numbers::count(cycle.done), numbers::count(cycle.goal));
        let (full, brief, least) =
            (format!("cycle {name} · {done}"), format!("{name} · {done}"), format!("cycle {done}"));
        let naming = [
            (&full, &whole),
            (&brief, &whole),
            (&full, &usual),
            (&brief, &usual),
            (&least, &usual),
            (&brief, &short),
            (&least, &short),
            (&least, &cut),
        ];
        let [telling, alone] =
            [&theirs, &release].map(|identity| [(&full, identity), (&brief, identity), (&least, identity)]);
        let both = |(cycle, identity): (&String, &String)| {
            [cycle, identity].into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>()
        };
        // In one part and without the word it takes the fewest columns.
        let bare = |identity: &String| vec![join(&[&done, identity])];
        let [mut telling, mut alone] = [telling, alone].map(|ways| ways.map(both).to_vec());
        let mut naming: Vec<Vec<String>> = naming.map(both).into();
        naming.extend([&short, &cut].map(bare));
        telling.push(bare(&theirs));
        alone.extend([bare(&release), vec![done.clone()]]);
        Self { naming, telling, least: alone, taken }
    }

    /// All ways, those that say most first.
    const fn ways(&self) -> [&Vec<Vec<String>>; 3] {
        [&self.naming, &self.telling, &self.least]
    }

    /// The first of some ways that so many columns hold.
    fn first_in<'a>(&self, ways: &'a [Vec<String>], room: u16) -> Option<&'a Vec<String>> {
        let room = room.saturating_sub(self.taken);
        ways.iter().find(|way| way.iter().map(|part| words::width(part) as u16 + 3).sum::<u16>() < room + 3)
    }
}

/// What everything on the screen rests on: it goes before all else.
fn foremost(app: &App) -> Option<(String, Role)> {
    let read_only = || app.shared.read_only.then(|| ("read-only".to_owned(), Role::Bad));
    app.shared.as_of.as_ref().map(|shown| (format!("as of {}", shown.words), Role::Bad)).or_else(read_only)
}

/// What the right end of the header says in so many columns, the most important last.
fn status(app: &App, room: u16) -> Vec<(String, Role)> {
    let overview = app.shared.counts();
    let mut out = Vec::new();
    if overview.mixed {
        out.push(("⚠ more than one AI in this store".to_owned(), Role::Bad));
    }
    if let Some(words) = search_words(app, &overview) {
        out.push((words, Role::Muted));
    }
    if let Some(p) = app.shared.renewal.progress() {
        out.push((renewing_words(p), Role::Muted));
    }
    if let Some(p) = app.shared.looking_back.progress() {
        let percent = p.fraction().map(|f| format!(" {:.0} %", f * 100.0)).unwrap_or_default();
        out.push((format!("● reading the store as it was{percent}"), Role::Accent));
    }
    if let Some(work) = app.tune.work.as_ref().filter(|_| app.tab != ScreenTab::FineTune) {
        let percent = work.run.progress.fraction().map(|f| format!(" {:.0} %", f * 100.0)).unwrap_or_default();
        out.push((format!("● {}{percent}", work.title().to_lowercase()), Role::Accent));
    }
    if let Some(loading) = app.shared.loading.as_ref().filter(|_| app.tab != ScreenTab::Overview) {
        let percent = loading.run.progress.fraction().map(|f| format!(" {:.0} %", f * 100.0)).unwrap_or_default();
        let what = if loading.is_demo() { "building the demo" } else { "importing" };
        out.push((format!("● {what}{percent}"), Role::Accent));
    }
    // Who and where stand at the end, if there is room; the rest stands before them.
    let desk = DeskWords::of(app);
    let way = desk.ways().into_iter().find_map(|ways| desk.first_in(ways, room));
    let has_cycle = overview.cycle.is_some();
    for (i, part) in way.into_iter().flatten().enumerate() {
        out.push((part.clone(), if has_cycle && i == 0 { Role::Text } else { Role::Muted }));
    }
    out.extend(foremost(app));
    out
}

/// How much the search covers, while it does not cover everything.
fn search_words(app: &App, overview: &Overview) -> Option<String> {
    let known = SearchState::percent(overview.search);
    let percent = match app.shared.indexing.progress().and_then(JobProgress::fraction) {
        // Never "100 %" of what is not finished.
        Some(fraction) => ((fraction * 100.0) as u64).min(99),
        None if app.shared.overview.ready().is_some() && known < 100 => known,
        None => return None,
    };
    Some(format!("search covers {percent} %"))
}

/// Rows whose keys work here and now, the most important first, one for each label.
fn hints(app: &App) -> Vec<&'static ActionRow> {
    let scopes = app.scopes();
    let mut rows: Vec<&ActionRow> = scopes
        .iter()
        .flat_map(|s| rows().filter(move |r| r.scope == *s))
        .filter(|r| r.rank > 0 && enabled(app, r.action).is_ok() && fitting(app, r))
        .collect();
    rows.sort_by_key(|r| r.rank);
    rows
}

/// Whether a hint makes sense in the state at hand, beyond being possible.
fn fitting(app: &App, row: &ActionRow) -> bool {
    match app.overlays.last() {
        Some(top) => top.hints_at(row.action),
        None => app.front().hints_at(row.action),
    }
}

/// A hint, key included. Of digits those are named that are drawn.
fn label(app: &App, row: &ActionRow, digits: u8) -> String {
    let own = app.overlays.is_empty().then(|| app.front().hint(&app.shared, row)).flatten();
    own.unwrap_or_else(|| match row.action {
        Action::Pick(_) if digits > 1 => format!("1-{digits} {}", row.label),
        _ => format!("{} {}", app.shared.keys.map.first_key(row), row.label),
    })
}

fn footer(app: &App, canvas: &mut Canvas, line: Rect) {
    if !app.shared.keys.pending.is_empty() {
        let keys = app.shared.keys.pending.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        canvas.text(
            line.x,
            line.y,
            line.width,
            &format!("{keys} …  g and a digit goes to a tab, g g to the top"),
            Role::Accent,
        );
        return;
    }
    if app.overlays.last().is_some_and(Overlay::names_its_keys) {
        return;
    }
    let call = app.front().call().filter(|_| app.overlays.is_empty());
    let mut end = line.right();
    if !app.takes_letters() && app.overlays.is_empty() {
        let keys = format!(
            "{} keys  {} command",
            app.shared.keys.map.key_of(Action::Help),
            app.shared.keys.map.key_of(Action::Palette)
        );
        end = canvas.right(line, line.y, &keys, Role::Muted);
        canvas.hit(Rect { x: end, width: line.right() - end, ..line }, ScreenHit::Act(Action::Help));
    }
    let (mut x, digits) = (line.x, canvas.seen.digits());
    if let Some(call) = call {
        x = canvas.text(x, line.y, 40, call, Role::Muted) + 2;
    }
    for row in hints(app) {
        let text = label(app, row, digits);
        let wide = words::width(&text) as u16;
        if x + wide + 2 > end {
            continue;
        }
        let (key, what) = text.split_once(' ').unwrap_or((&text, ""));
        let from = x;
        x = canvas.text(x, line.y, wide, key, Role::Key);
        x = canvas.text(x + 1, line.y, wide, what, Role::Muted);
        canvas.hit(Rect { x: from, width: x - from, ..line }, ScreenHit::Act(row.action));
        x += 2;
    }
}
