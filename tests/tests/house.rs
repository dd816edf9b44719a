//! The structure of the code. Areas depend on each other in one direction, features do not form a circle, and files
//! are short.
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The areas of each crate, the lowest first. An area may use the areas before it.
const AREAS: [(&str, &[&str]); 3] = [
    (
        "domain",
        &[
            "base",
            "region",
            "people",
            "mentors",
            "mentorships",
            "matching",
            "accompaniment",
            "help",
            "partnership",
            "search",
            "codes",
            "entries",
            "history",
            "catalogues",
        ],
    ),
    (
        "persistence",
        &[
            "engine",
            "tx",
            "idempotency",
            "scope",
            "sight",
            "journal",
            "names",
            "history",
            "entry",
            "region",
            "people",
            "mentors",
            "mentorships",
            "matching",
            "accompaniment",
            "help",
            "partnership",
            "search",
            "overview",
            "agenda",
            "corrections",
            "registry",
            "db",
        ],
    ),
    (
        "api",
        &[
            "http",
            "region",
            "people",
            "mentors",
            "mentorships",
            "matching",
            "accompaniment",
            "help",
            "partnership",
            "shipped",
            "search",
            "overview",
            "agenda",
            "entries",
            "routes",
            "openapi",
            "server",
            "demo",
        ],
    ),
];

/// Pairs of features that may need each other. A group meeting is a meeting.
const PAIRS: [(&str, &str); 1] =
    [("persistence mentorships group_meetings", "persistence mentorships meetings")];

/// Lines of a file at most. A longer file becomes a folder.
const LINES: usize = 500;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for it in std::fs::read_dir(folder).expect("a folder").flatten().map(|it| it.path()) {
        if it.is_dir() {
            files(&it, all);
        } else if it.extension().is_some_and(|it| it == "rs") {
            all.push(it);
        }
    }
}

/// The path of the module in a file, from the root of its crate.
fn module(file: &Path, src: &Path) -> Vec<String> {
    let path = file.strip_prefix(src).expect("inside").with_extension("");
    let mut names: Vec<String> = path.iter().map(|it| it.to_string_lossy().into_owned()).collect();
    if names.last().is_some_and(|it| it == "mod" || it == "lib") {
        names.pop();
    }
    names
}

/// The code of a file, without comments and tests.
fn code(file: &Path) -> String {
    let text = std::fs::read_to_string(file).expect("a file");
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().map(|it| it.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The paths in the code, each from the root of its crate.
fn named(code: &str, module: &[String]) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for (start, _) in code.match_indices("crate::").chain(code.match_indices("super::")) {
        let is_whole = !code[..start].ends_with(|it: char| it.is_alphanumeric() || it == '_' || it == ':');
        if !is_whole {
            continue;
        }
        let mut rest = &code[start..];
        let mut path = module.to_vec();
        if let Some(after) = rest.strip_prefix("crate::") {
            (path, rest) = (Vec::new(), after);
        }
        while let Some(after) = rest.strip_prefix("super::") {
            path.pop();
            rest = after;
        }
        loop {
            let end = rest.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(rest.len());
            path.push(rest[..end].to_owned());
            match rest[end..].strip_prefix("::") {
                Some(after) => rest = after,
                None => break,
            }
        }
        let list = rest.strip_prefix('{').and_then(|it| it.split('}').next());
        match list {
            Some(list) => {
                path.pop();
                for name in list.split(',').filter_map(|it| it.trim().split("::").next()) {
                    let mut one = path.clone();
                    one.push(name.split(' ').next().unwrap_or_default().to_owned());
                    all.push(one);
                }
            }
            None => all.push(path),
        }
    }
    all
}

/// The files of a crate with their modules, without tests.
fn sources(name: &str) -> Vec<(PathBuf, Vec<String>)> {
    let src = root().join(name).join("src");
    let mut all = Vec::new();
    files(&src, &mut all);
    let with_module = all.into_iter().map(|it| (module(&it, &src), it)).map(|(module, it)| (it, module));
    let code =
        with_module.filter(|(_, it)| !it.iter().any(|it| it == "tests" || it == "examples" || it == "main"));
    code.filter(|(_, it)| !it.is_empty()).collect()
}

#[test]
fn an_area_uses_only_areas_below_it() {
    let mut turned = Vec::new();
    for (name, areas) in AREAS {
        let place = |area: &str| areas.iter().position(|it| *it == area);
        for (file, module) in sources(name) {
            let own = place(&module[0]).unwrap_or_else(|| panic!("{name} has no area '{}'", module[0]));
            for path in named(&code(&file), &module) {
                if path.first().and_then(|it| place(it)).is_some_and(|it| it > own) {
                    turned.push(format!("{} names {}", file.display(), path.join("::")));
                }
            }
        }
    }
    assert!(turned.is_empty(), "{turned:#?}");
}

/// The features that each feature of a crate uses. A feature is a file or folder of an area. Paths into the first
/// page of an area count for the area itself.
fn features(name: &str) -> BTreeMap<String, BTreeSet<String>> {
    let all = sources(name);
    let two = |path: &[String]| path.iter().take(2).cloned().collect::<Vec<_>>();
    let known: BTreeSet<Vec<String>> = all.iter().map(|(_, module)| two(module)).collect();
    let feature = |path: &[String]| {
        let of = if known.contains(&two(path)) { two(path) } else { path.iter().take(1).cloned().collect() };
        format!("{name} {}", of.join(" "))
    };
    let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, module) in &all {
        let from = feature(module);
        let to = named(&code(file), module).into_iter().map(|it| feature(&it)).filter(|it| *it != from);
        arrows.entry(from.clone()).or_default().extend(to);
    }
    arrows
}

fn reaches(arrows: &BTreeMap<String, BTreeSet<String>>, from: &str, to: &str) -> bool {
    let (mut open, mut seen) = (vec![from], BTreeSet::new());
    while let Some(it) = open.pop() {
        for next in arrows.get(it).into_iter().flatten() {
            if next == to {
                return true;
            }
            if seen.insert(next.as_str()) {
                open.push(next);
            }
        }
    }
    false
}

#[test]
fn no_feature_needs_one_that_needs_it() {
    let mut circles = Vec::new();
    for (name, _) in AREAS {
        let mut arrows = features(name);
        for (one, other) in PAIRS {
            arrows.entry(one.to_owned()).or_default().remove(other);
        }
        circles.extend(arrows.keys().filter(|it| reaches(&arrows, it, it)).cloned());
    }
    assert!(circles.is_empty(), "{circles:#?}");
}

#[test]
fn no_file_is_longer_than_five_hundred_lines() {
    let mut all = Vec::new();
    for name in ["shape", "solver", "domain", "persistence", "api", "tests"] {
        let folder = root().join(name);
        for part in ["src", "tests"].map(|it| folder.join(it)).into_iter().filter(|it| it.is_dir()) {
            files(&part, &mut all);
        }
    }
    let lines = |it: &PathBuf| std::fs::read_to_string(it).expect("a file").lines().count();
    let long: Vec<String> = all
        .iter()
        .filter(|it| lines(it) > LINES)
        .map(|it| format!("{}: {}", it.display(), lines(it)))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn every_area_has_a_first_page() {
    for (name, areas) in AREAS {
        for page in areas
            .iter()
            .map(|it| root().join(name).join("src").join(it).join("mod.rs"))
            .filter(|it| it.exists())
        {
            let text = std::fs::read_to_string(&page).expect("a file");
            let lines = text.lines().take_while(|it| it.starts_with("//!")).count();
            assert!(lines >= 4, "{} says in {lines} lines what the area is", page.display());
        }
    }
}

#[test]
fn every_fact_of_every_feature_is_told_in_histories() {
    let domain = root().join("domain").join("src");
    let told = std::fs::read_to_string(domain.join("history.rs")).expect("a file");
    let mut all = Vec::new();
    files(&domain, &mut all);
    let missing: Vec<String> = all
        .iter()
        .filter(|it| code(it).contains("\nfacts! {"))
        .map(|it| format!("crate::{}::FACTS", module(it, &domain).join("::")))
        .filter(|it| !told.contains(it.as_str()))
        .collect();
    assert!(missing.is_empty(), "not in domain/src/history.rs: {missing:?}");
}
