//! Corrections of entries: what the term, the caller and other rows say against an annulment or an edit.
use crate::engine::failure::Failure;
use crate::tx::Tx;
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::correction::Corrections;
use domain::base::entry::{Entered, Entry};
use domain::base::moment::Moment;

/// The reasons against corrections of an entry that was made at that instant. One that is annulled is not corrected at all.
pub(super) async fn corrections<F: Entry>(
    tx: &mut Tx<'_>,
    it: &Entered<F>,
    made_at: Moment,
) -> Result<Corrections, Failure> {
    let about = F::ABOUT;
    if !about.has_annulment || it.annulment.is_some() {
        return Ok(Corrections::default());
    }
    let under = about.parent.as_ref().zip(it.parent).map(|(under, id)| Subject::new(under.kind, id));
    let by_record = if about.past.is_some() {
        let named = it.form.references().into_iter().map(|it| it.subject);
        let people = named.filter(|it| it.kind == SubjectKind::Person);
        let of: Vec<Subject> = under.into_iter().chain(people).collect();
        let recorded = tx.above().recorded(tx, made_at, &of).await?;
        Corrections::of(&it.form, &recorded, tx.today())
    } else {
        Corrections::default()
    };
    let resting = tx.above().built_on(tx, Subject::new(about.kind, it.id), under).await?;
    Ok(by_record.with(resting))
}
