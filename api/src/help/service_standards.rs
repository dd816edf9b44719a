//! Service standards that the product ships. Standards themselves are entries.
use domain::base::entry::Entered;
use domain::help::service_standards::shipped;
use persistence::engine::failure::Failure;
use persistence::entry;
use persistence::help::service_standards;
use persistence::tx::Tx;

/// Gives the region those shipped standards that it does not have.
pub(crate) async fn ship(tx: &mut Tx<'_>) -> Result<(), Failure> {
    for form in shipped() {
        if !service_standards::has_standard(tx, &form.code).await? {
            entry::save_added(tx, Entered::add(tx.mint(), None, form)?).await?;
        }
    }
    Ok(())
}
