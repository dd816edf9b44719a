//! Keys of integrations. A key is shown once, and the database keeps only its digest.
use super::{caller, user};
use crate::engine::card::cards;
use crate::engine::column::{Json, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::api_keys;
use crate::engine::seal::{digest, hex, random};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::access::{Caller, Right, Role};
use domain::base::action::{AvailableAction, Judged, available};
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{ApiKeyId, OrganizationId, ProgramId, UserId};
use domain::base::moment::Moment;
use domain::base::text::{IpRange, Oktmo, Title};
use domain::region::users::{ApiKey, ApiKeyForm, ApiKeyOffers, User};
use shape::card;
use std::net::IpAddr;

/// A key of an integration as every endpoint returns it.
#[card]
pub struct ApiKeyCard {
    /// The id of the key.
    pub id: ApiKeyId,
    /// The version number; it grows with every change and is the value of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The account on whose behalf the key acts.
    pub user_id: UserId,
    /// The purpose of the key.
    pub name: Title,
    /// The first characters of the key, which help to tell keys apart.
    #[schema(max_length = 64, example = "nst_irkutsk_5f0c1a2b")]
    pub prefix: String,
    /// The rights of the key.
    #[schema(max_items = 60)]
    pub rights: Vec<Right>,
    /// The last day on which the key works.
    pub expires_on: NaiveDate,
    /// The institutions whose rows the key reaches. Without institutions, programs and territories it reaches the whole region.
    #[schema(max_items = 50)]
    pub organization_ids: Vec<OrganizationId>,
    /// The programs whose rows the key reaches.
    #[schema(max_items = 50)]
    pub program_ids: Vec<ProgramId>,
    /// The territories whose rows the key reaches.
    #[schema(max_items = 50)]
    pub territories: Vec<Oktmo>,
    /// The networks from which the key works. Without any, it works from everywhere.
    #[schema(max_items = 20)]
    pub ip_ranges: Vec<IpRange>,
    /// Whether the key was revoked.
    #[schema(example = false)]
    pub is_revoked: bool,
    /// The last day on which the key was used.
    pub last_used_on: Option<NaiveDate>,
    /// Orders that this caller may send to the key now.
    #[schema(max_items = 20)]
    pub available_actions: Vec<AvailableAction>,
    /// The moment at which the key was issued.
    pub created_at: Moment,
}

cards! { ApiKeyCard in "api-keys"; }

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = api_keys)]
struct Row {
    id: ApiKeyId,
    version: i64,
    user_id: UserId,
    name: Title,
    prefix: String,
    rights: Json<Vec<Right>>,
    expires_on: NaiveDate,
    organization_ids: Json<Vec<OrganizationId>>,
    program_ids: Json<Vec<ProgramId>>,
    territories: Json<Vec<Oktmo>>,
    ip_ranges: Json<Vec<IpRange>>,
    is_revoked: bool,
    last_used_on: Option<NaiveDate>,
    created_at: Moment,
}

impl Row {
    fn shown(self, tx: &Tx<'_>, judged: Judged) -> ApiKeyCard {
        let offers = ApiKeyOffers { is_revoked: self.is_revoked };
        ApiKeyCard {
            available_actions: available(&offers, self.id, judged, |right| tx.may(right), |_| true),
            id: self.id,
            version: self.version,
            user_id: self.user_id,
            name: self.name,
            prefix: self.prefix,
            rights: self.rights.0,
            expires_on: self.expires_on,
            organization_ids: self.organization_ids.0,
            program_ids: self.program_ids.0,
            territories: self.territories.0,
            ip_ranges: self.ip_ranges.0,
            is_revoked: self.is_revoked,
            last_used_on: self.last_used_on,
            created_at: self.created_at,
        }
    }
}

/// A key that was just issued.
#[card]
pub struct IssuedApiKey {
    /// The key as later answers show it.
    pub key: ApiKeyCard,
    /// The secret of the key. Only this answer shows it.
    #[schema(max_length = 200, example = "nst_irkutsk_5f0c1a2b_9d1f")]
    pub secret: String,
}

impl crate::engine::card::Card for IssuedApiKey {
    const HOLDS_SECRET: bool = true;
    fn path(&self) -> Option<String> {
        self.key.path()
    }
}

macro_rules! visible {
    ($scope:expr) => {{
        let mut all = api_keys::table.into_boxed();
        if !$scope.everything {
            all = all.filter(
                api_keys::user_id.eq(bind($scope.somebody.unwrap_or_else(|| uuid::Uuid::nil().into()))),
            );
        }
        all
    }};
}

fn missing(id: ApiKeyId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::ApiKey, id)))
}

/// Whether the right of this transaction reaches the key.
pub(crate) async fn reaches_key(tx: &mut Tx<'_>, id: ApiKeyId) -> Result<bool, Failure> {
    crate::sight::is_found(row(tx, id).await)
}

/// The card of one key.
pub async fn key_card(tx: &mut Tx<'_>, id: ApiKeyId) -> Result<ApiKeyCard, Failure> {
    Ok(row(tx, id).await?.shown(tx, Judged::Whole))
}

async fn row(tx: &mut Tx<'_>, id: ApiKeyId) -> Result<Row, Failure> {
    let scope = tx.scope().clone();
    let found = db!(tx, first, visible!(scope).filter(api_keys::id.eq(bind(id))).select(Row::as_select()));
    found.optional()?.ok_or_else(|| missing(id))
}

/// Keys that the caller may see, the newest first.
pub async fn list_keys(tx: &mut Tx<'_>, window: &Window) -> Result<Page<ApiKeyCard>, Failure> {
    let scope = tx.scope().clone();
    let rows: Vec<Row> = db!(tx, load, {
        let mut all =
            visible!(scope).select(Row::as_select()).order(api_keys::id.desc()).limit(window.fetch());
        if let Some(after) = window.after_id() {
            all = all.filter(api_keys::id.lt(bind(after)));
        }
        all
    })?;
    let page = window.page(rows, |it| Place::id(it.id));
    let items = page.items.into_iter().map(|it| it.shown(tx, Judged::State)).collect();
    Ok(Page { items, next: page.next })
}

/// Loads a key that a rule will change.
pub async fn load_key(tx: &mut Tx<'_>, id: ApiKeyId) -> Result<ApiKey, Failure> {
    let it = row(tx, id).await?;
    tx.expect(it.version)?;
    Ok(key(it))
}

fn key(it: Row) -> ApiKey {
    let form = ApiKeyForm {
        name: it.name,
        user_id: it.user_id,
        rights: it.rights.0,
        expires_on: it.expires_on,
        organization_ids: it.organization_ids.0,
        program_ids: it.program_ids.0,
        territories: it.territories.0,
        ip_ranges: it.ip_ranges.0,
    };
    ApiKey { id: it.id, form, revoked: it.is_revoked }
}

/// Saves a new key and returns its secret. No later call can return it, because only a digest is stored.
pub async fn save_issued(tx: &mut Tx<'_>, change: Changed<ApiKey>) -> Result<IssuedApiKey, Failure> {
    let (it, records) = change.into_parts();
    let prefix = format!("nst_{}_{}", tx.core.info.code, hex(&random::<4>()?));
    let secret = format!("{prefix}_{}", hex(&random::<32>()?));
    let row = (
        api_keys::id.eq(bind(it.id)),
        api_keys::version.eq(1),
        api_keys::user_id.eq(bind(it.form.user_id)),
        api_keys::name.eq(bind(it.form.name)),
        api_keys::prefix.eq(bind(prefix)),
        api_keys::digest.eq(bind(digest(&secret))),
        api_keys::rights.eq(bind(Json(it.form.rights))),
        api_keys::expires_on.eq(it.form.expires_on),
        api_keys::organization_ids.eq(bind(Json(it.form.organization_ids))),
        api_keys::program_ids.eq(bind(Json(it.form.program_ids))),
        api_keys::territories.eq(bind(Json(it.form.territories))),
        api_keys::ip_ranges.eq(bind(Json(it.form.ip_ranges))),
        api_keys::is_revoked.eq(false),
        api_keys::last_used_on.eq(None::<NaiveDate>),
        api_keys::created_at.eq(bind(tx.now())),
    );
    let insert = diesel::insert_into(api_keys::table).values(row);
    let saved = db!(tx, get_result, insert.returning(Row::as_returning()));
    let row: Row = tx.returned(saved, records)?;
    Ok(IssuedApiKey { key: row.shown(tx, Judged::Whole), secret })
}

/// Saves a revoked key, and answers it as it is shown.
pub async fn save_revoked(tx: &mut Tx<'_>, change: Changed<ApiKey>) -> Result<ApiKeyCard, Failure> {
    let (it, records) = change.into_parts();
    let set = (api_keys::is_revoked.eq(it.revoked), api_keys::version.eq(api_keys::version + 1));
    let update = diesel::update(api_keys::table.find(bind(it.id))).set(set);
    let saved = db!(tx, get_result, prepared(update.returning(Row::as_returning())));
    let row: Row = tx.returned(saved, records)?;
    Ok(row.shown(tx, Judged::Whole))
}

/// Revokes every key of an account that may have none any more.
pub(super) async fn revoke_keys(tx: &mut Tx<'_>, user: UserId) -> Result<(), Failure> {
    let valid =
        api_keys::table.filter(api_keys::user_id.eq(bind(user))).filter(api_keys::is_revoked.eq(false));
    let all: Vec<Row> = db!(tx, load, valid.select(Row::as_select()))?;
    for it in all {
        save_revoked(tx, key(it).revoke()?).await?;
    }
    Ok(())
}

/// Loads the account on whose behalf a key acts, for a rule.
pub async fn key_owner(tx: &mut Tx<'_>, id: UserId) -> Result<User, Failure> {
    super::found(tx, id).await.map(|it| user(&it))
}

/// The number of keys of an account that work today.
pub async fn live_keys(tx: &mut Tx<'_>, user: UserId) -> Result<i64, Failure> {
    let live = api_keys::table
        .filter(api_keys::user_id.eq(bind(user)))
        .filter(api_keys::is_revoked.eq(false))
        .filter(api_keys::expires_on.ge(tx.today()));
    Ok(db!(tx, get_result, live.count())?)
}

/// A key as it was sent.
#[derive(Debug)]
pub enum Presented {
    /// The key works. Holds the caller for whom it stands, and the id of the key if its use today is not noted yet.
    Good(Caller, Option<ApiKeyId>),
    /// The key was sent from outside of its networks.
    Misplaced(ApiKey),
}

/// The caller that a key stands for. The key acts as an integration alone, by none of the other roles of its account.
pub async fn presented(tx: &mut Tx<'_>, secret: &str, address: IpAddr) -> Result<Option<Presented>, Failure> {
    let found = db!(
        tx,
        first,
        api_keys::table.filter(api_keys::digest.eq(bind(digest(secret)))).select(Row::as_select())
    );
    let Some(row): Option<Row> = found.optional()? else { return Ok(None) };
    let unnoted = (row.last_used_on != Some(tx.today())).then_some(row.id);
    let key = key(row);
    if !key.form.works_from(address) {
        return Ok(Some(Presented::Misplaced(key)));
    }
    key.admits(tx.today())?;
    let narrowing = key.form.narrowing();
    let Some(caller) = caller(tx, key.form.user_id, Some(key.form.rights)).await? else { return Ok(None) };
    let grants = caller.grants.into_iter().filter(|it| it.role == Role::Integration).collect();
    Ok(Some(Presented::Good(Caller { grants, narrowing, ..caller }, unnoted)))
}

/// Saves that a key was used from outside of its networks.
pub async fn save_misplaced(tx: &mut Tx<'_>, change: Changed<()>) -> Result<(), Failure> {
    tx.established(1, change.into_parts().1)
}

/// Notes that a key is in use. Once a day is enough, so that reads need not write.
pub async fn note_use(tx: &mut Tx<'_>, id: ApiKeyId) -> Result<(), Failure> {
    let today = tx.today();
    db!(
        tx,
        execute,
        prepared(diesel::update(api_keys::table.find(bind(id))).set(api_keys::last_used_on.eq(Some(today))))
    )?;
    Ok(())
}
