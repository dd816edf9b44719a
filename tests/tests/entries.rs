//! The sentences about all entries: each is told of every one, so a new entry is tested by its form alone.
use domain::base::access::Role;
use domain::base::change::SubjectKind;
use domain::base::kept::ColumnKind;
use domain::base::text::area;
use serde_json::{Value, json};
use tests::entries::{Plain, all};
use tests::{Account, Realm, Reply, World};

const NOTHING: &str = "01980000-0000-7000-8000-000000000001";

/// Enters one, and answers its address with the reply.
fn entered(world: &World, it: &Plain, of: &Realm, number: u32) -> (String, Reply) {
    let added = world.post(&it.editor(of), &it.list(of), it.example(world, of, number)).expect(201);
    (it.one(&added.id()), added)
}

/// Whether an institution holds it.
fn is_of_institution(it: &Plain) -> bool {
    it.about.parent.is_some() || it.about.members.iter().any(|it| it.is_owner)
}

/// An order without a body that changes an entry: an edit, or the annulment of what is entered once.
fn change(world: &World, it: &Plain, who: &Account, path: &str, etag: &str) -> Reply {
    match it.about.is_entered_once {
        true => world.post(who, &format!("{path}/annulment"), json!({})),
        false => world.put(who, path, etag, json!({})),
    }
}

fn pointers(refused: &Reply) -> Vec<String> {
    let errors = refused.body["errors"].as_array().expect("errors");
    errors.iter().map(|it| it["pointer"].as_str().expect("a pointer").to_owned()).collect()
}

/// A card as a list shows it, without actions.
fn listed(card: &Value) -> Value {
    let mut row = card.clone();
    row.as_object_mut().expect("a card").remove("available_actions");
    row
}

#[test]
fn an_entry_is_entered_found_edited_and_tells_its_history() {
    let (world, home, _) = Realm::in_world();
    for it in all() {
        let (who, form) = (it.editor(&home), it.example(&world, &home, 11));
        let (path, added) = entered(&world, &it, &home, 11);
        assert_eq!(added.header("location"), Some(format!("/api/v1{path}").as_str()));
        assert_eq!(world.get(&who, &path).expect(200).body, added.body);
        for (member, value) in form.as_object().expect("a form") {
            assert_eq!(&added.body[member], value, "{path} {member}");
        }
        if let Some(under) = &it.about.parent {
            assert_eq!(added.body[under.column], json!(home.objects[under.at]));
        }
        let found = world.get(&who, &format!("{}?limit=200", it.list(&home))).expect(200);
        assert!(found.items().contains(&listed(&added.body)), "{path}");
        let mut kinds = vec![it.about.added];
        if it.about.is_entered_once {
            world.put(&who, &path, &added.etag(), form).refused(405, "request.method");
            world.patch(&who, &path, &added.etag(), json!({})).refused(405, "request.method");
        } else {
            let replaced = world.put(&who, &path, &added.etag(), form.clone()).expect(200);
            assert_eq!(replaced.body["version"], 2, "{path}");
            let patched = world.patch(&who, &path, &replaced.etag(), json!({})).expect(200);
            assert_eq!(patched.body["version"], 3, "{path}");
            world.put(&who, &path, &added.etag(), form).refused(412, "version.stale");
            world.put(&who, &it.one(NOTHING), "\"1\"", json!({})).refused(404, "request.not_found");
            kinds.splice(0..0, [it.about.edited, it.about.edited]);
        }
        let history = world.get(&world.admin(), &format!("{path}/history")).expect(200);
        let seen: Vec<&str> = history.items().iter().filter_map(|it| it["kind"].as_str()).collect();
        assert_eq!(seen, kinds, "{path}");
        let told = history.items()[kinds.len() - 1]["details"].as_array().expect("details").len();
        let named = it.about.members.iter().filter(|it| it.is_told).count();
        assert_eq!(told, named + usize::from(it.about.parent.is_some()), "{path}");
        world.get(&who, &it.one(NOTHING)).refused(404, "request.not_found");
    }
}

#[test]
fn entries_are_listed_in_the_order_that_they_tell() {
    use domain::base::entry::Order;
    let (world, home, _) = Realm::in_world();
    for it in all() {
        let names = ["Берёза", "Яблоня", "берег", "Берёза"];
        let days = ["2026-02-10", "2026-03-01", "2026-02-01", "2026-02-10"];
        let mut ids = Vec::new();
        for (number, (name, day)) in (21..).zip(names.into_iter().zip(days)) {
            let mut form = it.example(&world, &home, number);
            match it.about.order {
                Order::Name(member) => {
                    form[member] = json!(name);
                    // Two of one name in a council come from elsewhere.
                    if it.about.at == "council-members" && number % 2 == 0 {
                        form.as_object_mut().expect("a form").remove("organization_id");
                    }
                }
                Order::Day(member) => {
                    form[member] = json!(day);
                    // A last day that the example tells lies after all of them.
                    if form["ends_on"].is_string() {
                        form["ends_on"] = json!("2026-12-31");
                    }
                }
                Order::Newest => {}
            }
            ids.push(world.post(&it.editor(&home), &it.list(&home), form).expect(201).id());
        }
        // Equal names and equal days go on with the id, in the direction of the list.
        let expected = match it.about.order {
            Order::Name(_) => [2, 0, 3, 1],
            Order::Newest => [3, 2, 1, 0],
            Order::Day(_) => [1, 3, 0, 2],
        };
        let (mut seen, mut next) = (Vec::new(), Some(format!("{}?limit=1", it.list(&home))));
        while let Some(path) = next {
            let page = world.get(&it.editor(&home), &path).expect(200);
            seen.extend(page.items().iter().map(|it| it["id"].as_str().expect("an id").to_owned()));
            let cursor = page.body["next_cursor"].as_str();
            next = cursor.map(|cursor| format!("{}?limit=1&cursor={cursor}", it.list(&home)));
        }
        let mine: Vec<&String> = seen.iter().filter(|it| ids.contains(it)).collect();
        assert_eq!(mine, expected.map(|at| &ids[at]), "{}", it.about.at);
    }
}

/// A parameter that is a beginning has bounds of its own; others are of the member's type.
fn is_beginning(parameter: &Value, name: &str) -> bool {
    parameter["name"] == name && parameter["schema"]["maxLength"].is_u64()
}

#[test]
fn a_list_of_entries_is_narrowed_by_each_filter() {
    let (world, home, _) = Realm::in_world();
    for it in all() {
        let (who, list) = (it.editor(&home), it.list(&home));
        let card = entered(&world, &it, &home, 31).1.body;
        let address =
            it.about.parent.as_ref().map_or(list.clone(), |it| list.replace(&home.objects[it.at], "{id}"));
        let operation = &api::openapi::document()["paths"][format!("/api/v1{address}")]["get"];
        let parameters = operation["parameters"].as_array().expect("parameters");
        let queries = parameters.iter().filter(|it| it["in"] == "query");
        let names = queries.filter_map(|it| it["name"].as_str());
        for name in names.filter(|name| card.get(*name).is_some_and(Value::is_string)) {
            let value = card[name].as_str().expect("a text");
            let found = world.get(&who, &format!("{list}?limit=200&{name}={value}")).expect(200);
            let is_beginning = parameters.iter().any(|it| is_beginning(it, name));
            let fits = |it: &Value| match is_beginning {
                true => it[name].as_str().is_some_and(|it| it.starts_with(area(value))),
                false => it[name] == card[name],
            };
            assert!(found.items().iter().all(fits), "{list} {name}");
            assert!(found.items().contains(&listed(&card)), "{list} {name}");
            let start: String = value.chars().take(value.chars().count() - 1).collect();
            if is_beginning {
                let found = world.get(&who, &format!("{list}?limit=200&{name}={start}")).expect(200);
                assert!(found.items().contains(&listed(&card)), "{list} {name}={start}");
            }
            let other = world.get(&who, &format!("{list}?limit=200&{name}=zz-99999999")).status;
            assert!([200, 400].contains(&other), "{list} {name}: {other}");
        }
        world.get(&who, &format!("{list}?nothing=1")).refused(400, "request.parameter");
    }
}

#[test]
fn an_entry_refers_only_to_things_that_the_caller_sees() {
    let (world, home, away) = Realm::in_world();
    for it in all() {
        for member in it.about.members.iter().filter(|it| it.refers.is_some()) {
            let mut form = it.example(&world, &home, 41);
            let is_list = member.kind == domain::base::kept::ColumnKind::Json;
            form[member.name] = if is_list { json!([NOTHING]) } else { json!(NOTHING) };
            // A member that stands beside another one may be told as such, too.
            let refused = world.post(&it.editor(&home), &it.list(&home), form).expect(422);
            assert!(refused.codes().contains(&"field.reference"), "{}", refused.text);
            let place = if is_list { "/0" } else { "" };
            let mut told = pointers(&refused);
            told.dedup();
            assert_eq!(told, [format!("/{}{place}", member.name)], "{}", it.about.at);
            if member.refers == Some(domain::base::change::SubjectKind::User) {
                let mut form = it.example(&world, &home, 42);
                form[member.name] = json!(away.objects["users"]);
                world.post(&home.accounts["D"], &it.list(&home), form).refused(422, "field.reference");
            }
        }
    }
}

#[test]
fn no_two_entries_share_a_kind_a_table_an_address_or_a_name() {
    let all = domain::entries::ALL;
    type Name = fn(&domain::base::entry::About) -> &'static str;
    let every: [Name; 5] = [|it| it.table, |it| it.at, |it| it.card, |it| it.page, |it| it.added];
    for of in every {
        let names: std::collections::BTreeSet<&str> = all.iter().map(|it| of(it)).collect();
        assert_eq!(names.len(), all.len(), "{names:?}");
    }
    for it in all {
        assert_eq!(persistence::registry::kind_of(it.at), Some(it.kind), "{}", it.at);
        let tables = persistence::registry::collections().filter(|at| *at == it.at).count();
        assert_eq!(tables, 1, "{}", it.at);
    }
}

#[test]
fn an_entry_of_another_institution_is_neither_made_nor_changed() {
    let (world, home, away) = Realm::in_world();
    for it in all().into_iter().filter(is_of_institution) {
        let (path, added) = entered(&world, &it, &home, 51);
        let stranger = it.editor(&away);
        let form = it.example(&world, &home, 52);
        // Where the body names the institution, it refers to one for which the stranger does not answer.
        let names_owner = it.about.members.iter().any(|it| it.is_owner);
        let made = world.post(&stranger, &it.list(&home), form).status;
        assert!([403, 404].contains(&made) || (names_owner && made == 422), "{path}: {made}");
        let status = change(&world, &it, &stranger, &path, &added.etag()).status;
        assert!([403, 404].contains(&status), "{path}: {status}");
        assert_eq!(world.get(&it.editor(&home), &path).expect(200).body, added.body);
    }
}

#[test]
fn only_roles_with_the_right_enter_and_edit_an_entry() {
    let (world, home, _) = Realm::in_world();
    for it in all() {
        let (path, added) = entered(&world, &it, &home, 61);
        let right = if it.about.is_entered_once { it.annul } else { it.edit };
        for (letter, account) in &home.accounts {
            let is_allowed = match letter.as_str() {
                "A" => right.roles().contains(&Role::RegionAdmin),
                "D" => right.roles().contains(&Role::Director),
                // A coordinator answers for no institution.
                "C" => right.roles().contains(&Role::ProgramCoordinator) && !is_of_institution(&it),
                _ => continue,
            };
            let status = change(&world, &it, account, &path, &added.etag()).status;
            assert_eq!(![403, 404].contains(&status), is_allowed, "{path} {letter}: {status}");
        }
        let nobody = world.account(&format!("nobody-{}", it.about.table), json!([{"role": "analyst"}]), None);
        assert!([403, 404].contains(&change(&world, &it, &nobody, &path, &added.etag()).status), "{path}");
    }
}

#[test]
fn a_second_entry_with_a_unique_member_is_refused_and_a_fixed_member_stays() {
    let (world, home, _) = Realm::in_world();
    for it in all() {
        let who = it.editor(&home);
        for member in it.about.members {
            let (number, form) = (71, it.example(&world, &home, 71));
            let Some((_, rule)) = member.unique.filter(|_| form.get(member.name).is_some()) else { continue };
            let (path, added) = entered(&world, &it, &home, number);
            world.post(&who, &it.list(&home), form).refused(409, rule.code);
            if member.is_fixed {
                let other = it.example(&world, &home, 72);
                let refused = world.put(&who, &path, &added.etag(), other);
                assert!([409, 422].contains(&refused.status), "{}", refused.text);
                assert_eq!(pointers(&refused), [format!("/{}", member.name)]);
            }
        }
    }
}

/// The schema that a member refers to, or its own.
fn resolved(member: &Value) -> &Value {
    match member["$ref"].as_str() {
        Some(reference) => {
            api::openapi::document().pointer(reference.trim_start_matches('#')).expect("a schema")
        }
        None => member,
    }
}

/// Values just beyond the bounds of a member.
fn beyond(schema: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    if let Some(max) = schema["maxLength"].as_u64() {
        all.push(json!("я".repeat(usize::try_from(max).expect("a length") + 1)));
    }
    let is_whole = schema["type"] == "integer";
    for (bound, step) in [("minimum", -1.0), ("maximum", 1.0)] {
        if let Some(bound) = schema[bound].as_f64() {
            let value = bound + step;
            all.push(if is_whole { json!(value as i64) } else { json!(value) });
        }
    }
    if schema["enum"].is_array() || schema["oneOf"].is_array() {
        all.push(json!("no_such_word"));
    }
    if let Some(max) = schema["maxItems"].as_u64() {
        let one = resolved(&schema["items"]);
        let word = one["enum"][0].as_str().or_else(|| one["oneOf"][0]["enum"][0].as_str()).unwrap_or("x");
        all.push(json!(vec![word; usize::try_from(max).expect("a number") + 1]));
    }
    all
}

#[test]
fn each_member_of_an_entry_is_held_to_its_bounds() {
    let (world, home, _) = Realm::in_world();
    let mut tried = 0;
    for it in all() {
        for member in it.about.members.iter().filter(|it| !it.is_state) {
            for value in beyond(resolved(&it.schema()["properties"][member.name])) {
                let mut form = it.example(&world, &home, 81);
                form[member.name] = value;
                let refused = world.post(&it.editor(&home), &it.list(&home), form);
                assert_eq!(refused.status, 422, "{} {}: {}", it.about.at, member.name, refused.text);
                let (own, parts) = (format!("/{}", member.name), format!("/{}/", member.name));
                let told = pointers(&refused);
                assert!(told.iter().all(|it| *it == own || it.starts_with(&parts)), "{}", refused.text);
                assert!(!told.is_empty(), "{}", refused.text);
                tried += 1;
            }
        }
    }
    assert!(tried > 20, "{tried}");
}

#[test]
fn unknown_members_are_refused_and_every_bound_that_is_passed_is_told_at_once() {
    let (world, home, _) = Realm::in_world();
    for it in all() {
        let (who, list) = (it.editor(&home), it.list(&home));
        let mut form = it.example(&world, &home, 91);
        form["nothing"] = json!(1);
        let refused = world.post(&who, &list, form).expect(422);
        assert_eq!(
            (pointers(&refused), refused.codes()),
            (vec!["/nothing".to_owned()], vec!["field.unknown"])
        );
        let (mut form, mut wrong) = (it.example(&world, &home, 92), Vec::new());
        for member in it.about.members.iter().filter(|it| !it.is_state && it.refers.is_none()) {
            let schema = resolved(&it.schema()["properties"][member.name]);
            let is_judged =
                schema["enum"].is_null() && schema["oneOf"].is_null() && schema["maxItems"].is_null();
            if let Some(value) = beyond(schema).into_iter().next().filter(|_| is_judged) {
                form[member.name] = value;
                wrong.push(format!("/{}", member.name));
            }
        }
        // A form of references and days alone has no bound to pass.
        if wrong.is_empty() {
            continue;
        }
        let mut told = pointers(&world.post(&who, &list, form).expect(422));
        told.sort();
        told.dedup();
        wrong.sort();
        assert_eq!(told, wrong, "{}", it.about.at);
    }
}

#[test]
fn an_annulled_entry_is_read_by_its_id_left_out_of_lists_and_never_changed_again() {
    let (world, home, away) = Realm::in_world();
    let mut tried = 0;
    for it in all().into_iter().filter(|it| it.about.has_annulment) {
        let (who, list) = (it.editor(&home), it.list(&home));
        let (path, added) = entered(&world, &it, &home, 101);
        let annulment = format!("{path}/annulment");
        let reason = json!({"reason": "Внесено по ошибке."});
        // An entry of the whole region is edited by its administrator alone, who is the same everywhere.
        if is_of_institution(&it) {
            let stranger = it.editor(&away);
            assert!([403, 404].contains(&world.post(&stranger, &annulment, reason.clone()).status), "{path}");
        }
        world.post(&who, &annulment, json!({})).expect(422);
        let annulled = world.post(&who, &annulment, reason.clone()).expect(200);
        assert_eq!(annulled.body["annulment"], reason);
        assert_eq!(world.get(&who, &path).expect(200).body, annulled.body);
        let ids = |query: &str| {
            let page = world.get(&who, &format!("{list}?limit=200{query}")).expect(200);
            page.ids()
        };
        assert!(!ids("").contains(&added.id()), "{path}");
        assert_eq!(ids("&annulled=true"), [added.id()], "{path}");
        world.post(&who, &annulment, reason).refused(409, "entry.annulled");
        if !it.about.is_entered_once {
            world
                .put(&who, &path, &annulled.etag(), it.example(&world, &home, 102))
                .refused(409, "entry.annulled");
        }
        let history = world.get(&world.admin(), &format!("{path}/history")).expect(200);
        assert_eq!(history.items()[0]["kind"], it.about.annulled);
        assert_eq!(history.items()[0]["details"], json!([]), "the journal tells no reason");
        tried += 1;
    }
    assert!(tried > 0);
}

/// Enters one and annuls it, and answers its id.
fn annulled(world: &World, it: &Plain, of: &Realm, number: u32) -> String {
    let (path, added) = entered(world, it, of, number);
    let reason = json!({"reason": "Внесено по ошибке."});
    world.post(&it.editor(of), &format!("{path}/annulment"), reason).expect(200);
    added.id()
}

#[test]
fn nothing_new_stands_under_what_was_annulled_and_nothing_newly_refers_to_it() {
    let (world, home, _) = Realm::in_world();
    let (entries, mut number, mut stood, mut referred) = (all(), 200, 0, 0);
    let of_kind =
        |kind: SubjectKind| entries.iter().find(|it| it.about.kind == kind && it.about.has_annulment);
    for it in &entries {
        let who = it.editor(&home);
        let under = it.about.parent.as_ref();
        if let Some((under, parent)) = under.and_then(|under| Some((under, of_kind(under.kind)?))) {
            number += 1;
            let form = it.example(&world, &home, number);
            let path = format!("/{}/{}/{}", under.at, annulled(&world, parent, &home, number), it.about.at);
            let refused = world.post(&who, &path, form);
            assert!(refused.codes().contains(&"entry.annulled"), "{path}: {}", refused.text);
            stood += 1;
        }
        for member in it.about.members.iter().filter(|it| !it.is_state && !it.is_owner) {
            let Some(target) = member.refers.and_then(of_kind) else { continue };
            number += 1;
            let gone = annulled(&world, target, &home, number);
            let mut form = it.example(&world, &home, number);
            let (value, at) = match member.kind {
                ColumnKind::Json => (json!([gone]), format!("/{}/0", member.name)),
                _ => (json!(gone), format!("/{}", member.name)),
            };
            form[member.name] = value;
            let refused = world.post(&who, &it.list(&home), form);
            let errors = refused.body["errors"].as_array().unwrap_or_else(|| panic!("{}", refused.text));
            let is_told = errors.iter().any(|it| it["code"] == "field.reference" && it["pointer"] == at);
            assert!(is_told, "{} {at}: {}", it.about.at, refused.text);
            referred += 1;
        }
    }
    assert!(stood > 5 && referred > 10, "{stood} {referred}");
}

#[test]
fn an_entry_about_the_past_is_corrected_within_the_term_and_later_annulled_by_an_administrator_alone() {
    let (mut world, home, _) = Realm::in_world();
    let mut all_past = Vec::new();
    for it in all().into_iter().filter(|it| it.about.past.is_some()) {
        let form = it.example(&world, &home, 111);
        let (path, added) = entered(&world, &it, &home, 111);
        assert_eq!(added.action("annul").expect("an annulment")["blocked_by"], json!([]), "{path}");
        all_past.push((it, form, path, added));
    }
    assert!(all_past.len() > 5, "{}", all_past.len());
    world.advance_days(91);
    let (director, admin) = (world.again(&home.accounts["D"]), world.admin());
    for (it, form, path, added) in all_past {
        let (annulment, reason) = (format!("{path}/annulment"), json!({"reason": "Внесено по ошибке."}));
        let blocked = |who: &Account, code: &str| {
            let card = world.get(who, &path).expect(200);
            card.action(code).map(|it| it["blocked_by"].clone())
        };
        assert_eq!(blocked(&director, "annul"), Some(json!(["entry.term"])), "{path}");
        let refused = world.post(&director, &annulment, reason.clone()).refused(409, "entry.term");
        assert_eq!(refused.body["errors"][0]["params"], json!([{"name": "days", "value": "90"}]), "{path}");
        // What has no last day yet goes on, and so do its edits.
        let goes_on = it.about.past.is_some_and(|it| it.until.is_some());
        if !it.about.is_entered_once {
            let edited = world.put(&director, &path, &added.etag(), form);
            match goes_on {
                true => assert_eq!(edited.status, 200, "{path}: {}", edited.text),
                false => assert!(edited.codes().contains(&"entry.term"), "{path}: {}", edited.text),
            }
            let told = blocked(&director, "edit").expect("an edit");
            assert_eq!(told.as_array().expect("codes").contains(&json!("entry.term")), !goes_on, "{path}");
        }
        assert_eq!(blocked(&admin, "annul"), Some(json!([])), "{path}");
        world.post(&admin, &annulment, reason).expect(200);
    }
}

#[test]
fn an_entry_about_nothing_past_is_annulled_without_a_term() {
    let (mut world, home, _) = Realm::in_world();
    let case_needs = all().into_iter().find(|it| it.about.at == "needs").expect("needs");
    let (path, _) = entered(&world, &case_needs, &home, 112);
    world.advance_days(91);
    let director = world.again(&home.accounts["D"]);
    let reason = json!({"reason": "Внесено по ошибке."});
    world.post(&director, &format!("{path}/annulment"), reason).expect(200);
}
