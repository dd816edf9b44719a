//! YAML that every tool reads alike. `on` and `2026-03-01` are text in YAML 1.2, but a truth value and a date in 1.1, which half of the
//! tools read.

/// The text with quotes around what YAML 1.1 would not take for text.
pub fn for_all(text: &str) -> String {
    let mut all = String::with_capacity(text.len() + 1024);
    // Where the key of a text of several lines stands: the text is indented deeper.
    let mut block: Option<usize> = None;
    for line in text.lines() {
        let rest = line.trim_start_matches([' ', '-']);
        let body = line.trim_start_matches(' ');
        let indent = line.len() - body.len();
        if block.is_some_and(|column| indent > column || body.is_empty()) {
            all.push_str(line);
        } else {
            let is_text = matches!(rest, "|" | "|-" | "|+");
            let column = line.len() - rest.len();
            block = (is_text || rest.ends_with(": |") || rest.ends_with(": |-") || rest.ends_with(": |+"))
                .then_some(if is_text { column.saturating_sub(2) } else { column });
            push_quoted(&mut all, line, rest);
        }
        all.push('\n');
    }
    all
}

fn push_quoted(all: &mut String, line: &str, rest: &str) {
    let (before, _) = line.split_at(line.len() - rest.len());
    all.push_str(before);
    match rest.split_once(':') {
        Some((key, value)) if value.is_empty() || value.starts_with(' ') => {
            push_word(all, key);
            all.push(':');
            match value.strip_prefix(' ') {
                Some(value) => {
                    all.push(' ');
                    push_word(all, value);
                }
                None => all.push_str(value),
            }
        }
        _ => push_word(all, rest),
    }
}

fn push_word(all: &mut String, word: &str) {
    if is_ambiguous(word) {
        all.extend(["'", word, "'"]);
    } else {
        all.push_str(word);
    }
}

/// `true`, `false`, `null` and plain numbers stand here for themselves only: as text they come quoted.
fn is_ambiguous(word: &str) -> bool {
    let is_truth = ["y", "yes", "n", "no", "on", "off"].contains(&word.to_ascii_lowercase().as_str());
    let is_figure = word.contains([':', '_'])
        && word.chars().all(|it| it.is_ascii_digit() || matches!(it, ':' | '_' | '.'));
    is_truth
        || is_figure
        || word.parse::<chrono::NaiveDate>().is_ok()
        || word.parse::<chrono::DateTime<chrono::Utc>>().is_ok()
}
