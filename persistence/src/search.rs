//! The search over everything that the caller sees. Each kind is searched under its own right.
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Window};
use crate::engine::schema::{beneficiaries, mentors as mentors_table, mentorships as pairs, organizations};
use crate::mentors;
use crate::mentorships;
use crate::people::{self, Part, is_named, rarest_first};
use crate::scope::{Way, among, when};
use crate::tx::Tx;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{Id, MentorshipId, OrganizationId};
use domain::base::text::Title;
use domain::base::text::names;
use domain::search::Search;
use shape::card;
use std::collections::HashMap;
use uuid::Uuid;

/// Things of each kind at most.
const EACH: i64 = 5;

/// The kinds in the order of the answer, each with its collection and the right to read it.
const KINDS: [(SubjectKind, &str, Right); 6] = [
    (SubjectKind::Person, "people", Right::ReadPeople),
    (SubjectKind::Family, "families", Right::ReadPeople),
    (SubjectKind::Beneficiary, "beneficiaries", Right::ReadBeneficiaries),
    (SubjectKind::Mentor, "mentors", Right::ReadMentors),
    (SubjectKind::Organization, "organizations", Right::ReadOrganizations),
    (SubjectKind::Mentorship, "mentorships", Right::ReadMentorships),
];

/// Something that a search found.
#[card]
pub struct FoundCard {
    /// The kind of thing.
    pub kind: SubjectKind,
    /// Its id.
    #[schema(value_type = String, format = Uuid, max_length = 36, example = "01980000-0000-7000-8000-000000000001")]
    pub id: Uuid,
    /// Its name; for a mentorship, the names of the mentor and the recipient.
    #[schema(max_length = 1500, example = "Морозова Алёна Сергеевна")]
    pub name: String,
    /// The address of its card.
    #[schema(max_length = 100, example = "/api/v1/people/01980000-0000-7000-8000-000000000001")]
    pub address: String,
}

impl Card for FoundCard {
    fn personal(&self) -> Vec<Subject> {
        let is_personal = self.kind != SubjectKind::Organization;
        is_personal.then(|| Subject::new(self.kind, self.id)).into_iter().collect()
    }
}

/// Things whose names fit the text, at most five of each kind.
pub async fn search(tx: &mut Tx<'_>, find: &Search, window: &Window) -> Result<Page<FoundCard>, Failure> {
    let asked = names::asked(find.text.as_str());
    let parts = rarest_first(tx, asked.clone()).await?;
    let mut items = Vec::new();
    for (kind, collection, right) in KINDS.into_iter().filter(|_| !parts.is_empty()) {
        let before = tx.use_scope_of(right);
        let found = if tx.scope().is_nothing() { Ok(Vec::new()) } else { of(tx, kind, &asked, &parts).await };
        tx.restore_scope(before);
        let card = |(id, name)| FoundCard { kind, id, name, address: format!("/api/v1/{collection}/{id}") };
        items.extend(found?.into_iter().map(card));
    }
    items.truncate(usize::try_from(window.limit).unwrap_or_default());
    Ok(Page { items, next: None })
}

type Found = Vec<(Uuid, String)>;

async fn of(
    tx: &mut Tx<'_>,
    kind: SubjectKind,
    asked: &[Vec<String>],
    parts: &[Part],
) -> Result<Found, Failure> {
    fn plain<I: Id>(found: Vec<(I, String)>) -> Found {
        found.into_iter().map(|(id, name)| (id.into(), name)).collect()
    }
    Ok(match kind {
        SubjectKind::Person => plain(people::people_named(tx, parts, EACH).await?),
        SubjectKind::Family => plain(people::families_named(tx, parts, EACH).await?),
        SubjectKind::Beneficiary => plain(people::beneficiaries_named(tx, parts, EACH).await?),
        SubjectKind::Mentor => plain(mentors::named(tx, parts, EACH).await?),
        SubjectKind::Organization => plain(organizations_named(tx, asked).await?),
        SubjectKind::Mentorship => plain(mentorships_named(tx, asked, parts).await?),
        _ => Vec::new(),
    })
}

/// Organizations are some hundreds in a region, where people are a hundred thousand. So their names are compared here, in the same normal
/// form, and no words of them are kept, which would have to follow each edit of the entry.
async fn organizations_named(
    tx: &mut Tx<'_>,
    parts: &[Vec<String>],
) -> Result<Vec<(OrganizationId, String)>, Failure> {
    let scope = tx.scope().clone();
    let all: Vec<(OrganizationId, Title)> = db!(tx, load, {
        let mut all = organizations::table.order((organizations::name_key, organizations::id)).into_boxed();
        if !scope.everything {
            all = all.filter(among(organizations::id, &scope.organizations));
        }
        all.select((organizations::id, organizations::name))
    })?;
    let fitting = all.into_iter().filter(|(_, name)| names::fits(parts, name.as_str()));
    let most = usize::try_from(EACH).unwrap_or_default();
    Ok(fitting.take(most).map(|(id, name)| (id, name.into())).collect())
}

/// Mentorships that are asked for their names at once.
const MENTORSHIPS: i64 = 20;

/// Mentorships by the names of their two, as the caller is shown them: a mentor does not learn a family name before the
/// consent.
async fn mentorships_named(
    tx: &mut Tx<'_>,
    asked: &[Vec<String>],
    parts: &[Part],
) -> Result<Vec<(MentorshipId, String)>, Failure> {
    let most = usize::try_from(EACH).unwrap_or_default();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let ids = with_somebody_named(tx, parts, after).await?;
        let Some(last) = ids.last().copied() else { break };
        let mut shown: HashMap<_, _> = mentorships::names(tx, &ids).await?.into_iter().collect();
        let named = ids.iter().filter_map(|it| Some((*it, shown.remove(it)?)));
        found.extend(named.filter(|it| names::fits(asked, &it.1)));
        if found.len() >= most {
            break;
        }
        after = Some(last);
    }
    found.truncate(most);
    Ok(found)
}

/// The newest visible mentorships before that one in which each part is in the name of one of the two.
async fn with_somebody_named(
    tx: &mut Tx<'_>,
    parts: &[Part],
    after: Option<MentorshipId>,
) -> Result<Vec<MentorshipId>, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(tx, load, {
        let mut all = crate::scope::mentorships::visible!(scope).order(pairs::id.desc()).limit(MENTORSHIPS);
        if let Some(after) = after {
            all = all.filter(pairs::id.lt(bind(after)));
        }
        for part in parts {
            let mentors =
                mentors_table::table.filter(is_named!(mentors_table::person_id, SubjectKind::Person, part));
            let person = is_named!(beneficiaries::person_id.assume_not_null(), SubjectKind::Person, part);
            let family = is_named!(beneficiaries::family_id.assume_not_null(), SubjectKind::Family, part);
            let recipients = beneficiaries::table.filter(person.or_by(family));
            // A row is asked for its two where many have such names; else the few are listed.
            let mentor = exists(mentors.clone().filter(mentors_table::id.eq(pairs::mentor_id)));
            let recipient = exists(recipients.clone().filter(beneficiaries::id.eq(pairs::beneficiary_id)));
            let among_mentors = pairs::mentor_id.eq_any(mentors.select(mentors_table::id));
            let among_recipients = pairs::beneficiary_id.eq_any(recipients.select(beneficiaries::id));
            all = all.filter(
                when(part.is_frequent, mentor.or(recipient))
                    .or_by(when(!part.is_frequent, among_mentors.or(among_recipients))),
            );
        }
        all.select(pairs::id)
    })?)
}
