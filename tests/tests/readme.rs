use clap::CommandFactory;

#[test]
fn the_readme_lists_every_setting_with_its_variable() {
    let readme = include_str!("../../README.md");
    for setting in api::http::config::Cli::command().get_arguments().filter(|it| it.get_env().is_some()) {
        let flag = format!("`--{}`", setting.get_long().expect("a flag"));
        let variable = setting.get_env().and_then(|it| it.to_str()).expect("a variable");
        let line = readme
            .lines()
            .find(|it| it.contains(&flag))
            .unwrap_or_else(|| panic!("{flag} is not in the README"));
        assert!(line.contains(&format!("`{variable}`")), "{flag}: {variable}");
        assert!(setting.get_help().is_some_and(|it| it.to_string().len() > 20), "{flag} has no sentence");
    }
}
