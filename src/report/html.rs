//! The report as one page of HTML: no script, nothing from elsewhere, light and dark, A4.

use super::content::{MARK, Report};
use super::sections;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("page.css");
/// Whatever might be in a page that should not be: nothing is fetched and nothing runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The whole page. All words go through the template's escaping.
pub(super) fn html(report: &Report) -> String {
    page(report).into_string()
}

fn page(report: &Report) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="generator" content=(format!("{MARK} {}", report.made_by));
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="referrer" content="no-referrer";
                meta name="viewport" content="width=device-width,initial-scale=1";
                title { "How the AI is doing: " (report.store) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    (sections::head(report))
                    (sections::customers(report))
                    (sections::trend(report))
                    (sections::failures(report))
                    (sections::steps(report))
                    (sections::changes(report))
                    (sections::releases(report))
                    (sections::ceiling(report))
                    (sections::rates(report))
                    (sections::cost(report))
                    (sections::foot(report))
                }
            }
        }
    }
}
