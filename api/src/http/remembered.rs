//! Answers that rest on something remembered. A thing that is not remembered is computed off the worker threads, by one request for all.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, shown, shown_page};
use crate::http::leaving;
use crate::http::list::Query;
use crate::http::problem::Problem;
use domain::base::access::Permission;
use persistence::db::Work;
use persistence::engine::card::Card;
use persistence::engine::failure::Failure;
use persistence::engine::page::{Page, Window};
use persistence::tx::Tx;
use serde::Serialize;
use serde::de::DeserializeOwned;

impl<P: Permission> Guarded<P> {
    /// Answers with one card that rests on something remembered of the kind `L`. One that is not remembered is computed off the worker
    /// threads, by one request for all.
    pub async fn read_remembered<L: 'static, T: Card + 'static>(
        self,
        work: impl Work<T> + Send + 'static,
    ) -> Result<Answer, Problem> {
        self.must_be_whole()?;
        let read = async move |tx: &mut Tx<'_>| {
            let card = work(tx).await?;
            shown(tx, card).await
        };
        let (card, body) = self.peek_remembered::<L, _>(read).await?;
        Ok(Answer::card(200, &card, body).unless_known(self.request.headers()))
    }

    /// Answers with a page of a list that rests on something remembered of the kind `L`.
    pub async fn list_remembered<L, F, T>(
        self,
        query: Query<F>,
        work: impl AsyncFn(&mut Tx<'_>, &F, &Window) -> Result<Page<T>, Failure> + Send + 'static,
    ) -> Result<Answer, Problem>
    where
        L: 'static,
        F: Serialize + DeserializeOwned + Clone + Send + 'static,
        T: Card,
    {
        self.must_be_whole()?;
        let (window, filter) = (query.window(&self.region)?, query.filter().clone());
        let read = async move |tx: &mut Tx<'_>| {
            tx.begin_list();
            let page = work(tx, &filter, &window).await?;
            shown_page(tx, page).await
        };
        let (items, next) = self.peek_remembered::<L, _>(read).await?;
        let answer = query.answer::<T>(&self.region, items, next.as_ref());
        Ok(answer.unless_known(self.request.headers()))
    }

    async fn peek_remembered<L: 'static, T: Send + 'static>(
        &self,
        work: impl Work<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let read = self.region.read_remembered::<L, _, _>(self.actor.clone(), work);
        match leaving::unless_gone(&self.request, read).await {
            Ok(value) => Ok(value),
            Err(failure) => Err(self.explain(failure).await),
        }
    }
}
