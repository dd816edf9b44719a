//! Clients that leave while their answer is made: nothing long is begun for them.
use actix_web::HttpRequest;
use actix_web::dev::Extensions;
use persistence::engine::failure::Failure;
use std::any::Any;
use std::io::ErrorKind;
use std::os::fd::AsFd;
use std::sync::Arc;
use tokio::io::Interest;
use tokio::net::TcpStream;

/// The socket of a connection. The framework takes the end of what a client sends for the end of its requests, and goes on to
/// answer; only the socket tells that the client has left.
#[derive(Clone)]
struct Socket(Arc<std::net::TcpStream>);

/// Keeps the socket of a new connection for its requests.
pub fn keep_socket(connection: &dyn Any, requests: &mut Extensions) {
    if let Some(tcp) = connection.downcast_ref::<TcpStream>() {
        match tcp.as_fd().try_clone_to_owned() {
            Ok(socket) => drop(requests.insert(Socket(Arc::new(socket.into())))),
            Err(error) => log::warn!("a client that leaves will not be noticed: {error}"),
        }
    }
}

/// Does the work, unless the client leaves before. Work that waits for its turn then gives it up; work that runs already ends.
pub(super) async fn unless_gone<T>(
    request: &HttpRequest,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let gone = async {
        match request.conn_data::<Socket>().cloned() {
            Some(socket) => closed(socket).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        done = work => done,
        // Nobody reads this answer.
        () = gone => Err(Failure::Busy),
    }
}

/// Waits until the other side has closed.
async fn closed(socket: Socket) {
    let watched = socket.0.try_clone().and_then(TcpStream::from_std);
    let Ok(watched) = watched else { return std::future::pending().await };
    loop {
        match watched.ready(Interest::READABLE).await {
            Ok(ready) if ready.is_read_closed() => return,
            // The next request of the client. Nothing is read here: the socket is only told to wait for more.
            Ok(_) => drop(watched.try_io(Interest::READABLE, || Err::<(), _>(ErrorKind::WouldBlock.into()))),
            Err(_) => std::future::pending().await,
        }
    }
}
