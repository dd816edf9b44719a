//! The README: its settings are those of the program, and its story goes as it says, as often as somebody tells it.
use clap::CommandFactory;
use std::process::Command;
use tests::page::blocks;
use tests::{Installation, postgres_url};

const README: &str = include_str!("../../README.md");

#[test]
fn the_readme_lists_every_setting_with_its_variable() {
    for setting in api::http::config::Cli::command().get_arguments().filter(|it| it.get_env().is_some()) {
        let flag = format!("`--{}`", setting.get_long().expect("a flag"));
        let variable = setting.get_env().and_then(|it| it.to_str()).expect("a variable");
        let line = README
            .lines()
            .find(|it| it.contains(&flag))
            .unwrap_or_else(|| panic!("{flag} is not in the README"));
        assert!(line.contains(&format!("`{variable}`")), "{flag}: {variable}");
        assert!(setting.get_help().is_some_and(|it| it.to_string().len() > 20), "{flag} has no sentence");
    }
}

/// Notes the status of each answer, for the line that follows it.
const CURL: &str = r#"curl() { command curl -D "$NOTED" "$@"; }
noted() { head -1 "$NOTED" | cut -d' ' -f2; }
"#;

/// The story as a script. After each request comes a line with the status that the README tells, and the one that was answered.
fn story(base: &str) -> String {
    let story = README.split("## The story in curl").nth(1).and_then(|it| it.split("\n## ").next());
    let mut script = CURL.to_owned();
    for block in blocks(story.expect("a story"), "sh") {
        for (number, line) in block.lines().enumerate() {
            script += &format!("{}\n", line.replace("http://127.0.0.1:8080", base));
            let asks = ["post ", "get ", "put "]
                .iter()
                .any(|it| line.starts_with(it) || line.contains(&format!("=$({it}")));
            // A line with an open quote goes on in the next one.
            let is_whole = (line.matches('"').count() - line.matches("\\\"").count()) % 2 == 0;
            if (asks || line.trim_start().starts_with("post ")) && is_whole {
                let comment = line.rsplit_once("     # ").map_or("", |it| it.1);
                let told: String = comment.chars().take_while(char::is_ascii_digit).collect();
                let told = if told.len() == 3 { told.as_str() } else { "2.." };
                script += &format!("echo \"$(noted) {told} {number}\" >> \"$NOTED.all\"\n");
            }
        }
    }
    script
}

/// Tells the story once. Answers its output, and the statuses beside those that the README tells.
fn tell(base: &str, folder: &std::path::Path) -> (String, String) {
    let noted = folder.join("headers");
    let all = folder.join("headers.all");
    std::fs::remove_file(&all).ok();
    let mut command = Command::new("timeout");
    command.args(["120", "bash", "-c"]).arg(story(base)).env("NOTED", noted);
    let told = command.output().expect("bash runs");
    let output = String::from_utf8_lossy(&told.stdout).into_owned() + &String::from_utf8_lossy(&told.stderr);
    (output, std::fs::read_to_string(all).unwrap_or_default())
}

#[test]
fn the_story_of_the_readme_goes_as_it_says_and_once_more() {
    let has_curl = Command::new("curl").arg("--version").output().is_ok_and(|it| it.status.success());
    if !has_curl || postgres_url().is_some() {
        return; // It tells of the API, not of the engine.
    }
    let installation = Installation::demonstration();
    let process = installation.serve();
    for time in ["first", "second"] {
        let (output, answered) = tell(&process.client.base, installation.folder());
        for line in answered.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            let [status, told, number] = words[..] else { panic!("{line}") };
            let fits = if told == "2.." { status.starts_with('2') } else { status == told };
            assert!(fits, "{time} time, line {number} of its block: {status}, not {told}\n{output}");
        }
        assert!(answered.lines().count() > 70, "{time} time: {answered}\n{output}");
        assert!(!output.contains("}{"), "two answers on a line: {output}");
    }
}
