//! The search over everything that the caller sees. Each kind is searched under its own right.
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Window};
use crate::engine::schema::{beneficiaries, mentors as mentors_table, mentorships as pairs, organizations};
use crate::mentors;
use crate::mentorships;
use crate::people::{self, named};
use crate::scope::among;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::access::{Right, Scope};
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{Id, MentorshipId, OrganizationId};
use domain::base::names;
use domain::base::text::Title;
use domain::search::Search;
use shape::card;
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
    let parts = names::asked(find.text.as_str());
    let mut items = Vec::new();
    for (kind, collection, right) in KINDS.into_iter().filter(|_| !parts.is_empty()) {
        let before = tx.use_scope_of(right);
        let found = if tx.scope().is_nothing() { Ok(Vec::new()) } else { of(tx, kind, &parts).await };
        tx.restore_scope(before);
        let card = |(id, name)| FoundCard { kind, id, name, address: format!("/api/v1/{collection}/{id}") };
        items.extend(found?.into_iter().map(card));
    }
    items.truncate(usize::try_from(window.limit).unwrap_or_default());
    Ok(Page { items, next: None })
}

type Found = Vec<(Uuid, String)>;

async fn of(tx: &mut Tx<'_>, kind: SubjectKind, parts: &[Vec<String>]) -> Result<Found, Failure> {
    fn plain<I: Id>(found: Vec<(I, String)>) -> Found {
        found.into_iter().map(|(id, name)| (id.into(), name)).collect()
    }
    Ok(match kind {
        SubjectKind::Person => plain(people::people_named(tx, parts, EACH).await?),
        SubjectKind::Family => plain(people::families_named(tx, parts, EACH).await?),
        SubjectKind::Beneficiary => plain(people::beneficiaries_named(tx, parts, EACH).await?),
        SubjectKind::Mentor => plain(mentors::named(tx, parts, EACH).await?),
        SubjectKind::Organization => plain(organizations_named(tx, parts).await?),
        SubjectKind::Mentorship => plain(mentorships_named(tx, parts).await?),
        _ => Vec::new(),
    })
}

/// Organizations are some hundreds in a region. So their names are compared here, and no words of them are kept.
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

/// Mentorships by the names of their two. A recipient counts only where the caller sees the beneficiary: a mentor does not
/// learn a family name before the consent.
async fn mentorships_named(
    tx: &mut Tx<'_>,
    parts: &[Vec<String>],
) -> Result<Vec<(MentorshipId, String)>, Failure> {
    let (scope, of_recipients): (Scope, Scope) = (tx.scope().clone(), tx.scope_of(Right::ReadBeneficiaries));
    let ids: Vec<MentorshipId> = db!(tx, load, {
        let mut all = crate::scope::mentorships::visible!(scope).order(pairs::id.desc()).limit(EACH);
        for part in parts {
            let mentors = mentors_table::table
                .filter(mentors_table::person_id.eq_any(named!(SubjectKind::Person, part)))
                .select(mentors_table::id);
            let person = beneficiaries::person_id.assume_not_null().eq_any(named!(SubjectKind::Person, part));
            let family = beneficiaries::family_id.assume_not_null().eq_any(named!(SubjectKind::Family, part));
            let recipients = crate::scope::beneficiaries::visible!(of_recipients)
                .filter(person.or(family))
                .select(beneficiaries::id);
            all = all.filter(pairs::mentor_id.eq_any(mentors).or(pairs::beneficiary_id.eq_any(recipients)));
        }
        all.select(pairs::id)
    })?;
    let mut found = Vec::new();
    for id in ids {
        let card = mentorships::card(tx, id).await?;
        found.push((id, format!("{} — {}", card.mentor_name, card.beneficiary_name)));
    }
    Ok(found)
}
