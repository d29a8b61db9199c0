//! Relays that are slow, busy or talk nonsense.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::*;

/// Answers one connection after another, each in its way, and gives an address.
async fn answering<F>(answer: fn(TcpStream) -> F) -> String
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 4_096];
            let _ = stream.read(&mut asked).await;
            tokio::spawn(answer(stream));
        }
    });
    address
}

fn asker() -> Asker {
    Asker {
        campaign: CampaignId([1; 32]),
        secret: Arc::new(Secret::from_seed(&[2; 32])),
        now: Moment(1_700_000_000_000),
    }
}

async fn pulled(address: &str) -> Error {
    let mut relay = Relay::new(client().unwrap(), address);
    relay.patience = Duration::from_millis(300);
    let asker = asker();
    let asked = relay.pull(&asker, SpaceId([3; 16]), 0);
    let answered = tokio::time::timeout(Duration::from_secs(30), asked).await;
    answered.unwrap().unwrap_err()
}

async fn say(mut stream: TcpStream, text: &str) {
    let _ = stream.write_all(text.as_bytes()).await;
    let _ = stream.shutdown().await;
}

#[tokio::test]
async fn a_busy_relay_says_when_it_wishes_to_be_asked_again() {
    let address = answering(|stream| {
        say(
            stream,
            "HTTP/1.1 429 Too Many Requests\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n",
        )
    });
    let busy = pulled(&address.await).await;
    assert!(matches!(busy, Error::Busy(wish) if wish == Duration::from_secs(7)));
    assert_eq!(busy.code(), "busy");
    let address = answering(|stream| {
        say(
            stream,
            "HTTP/1.1 503 Busy\r\nretry-after: 99999999\r\ncontent-length: 0\r\n\r\n",
        )
    });
    let busy = pulled(&address.await).await;
    assert!(matches!(busy, Error::Busy(wish) if wish == MAX_RETRY_AFTER));
}

#[tokio::test]
async fn an_answer_that_drips_or_never_begins_is_given_up() {
    let never = answering(|stream| async move {
        std::future::pending::<()>().await;
        drop(stream);
    });
    assert_eq!(pulled(&never.await).await.code(), "offline");
    let drips = answering(|mut stream| async move {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n";
        let _ = stream.write_all(head.as_bytes()).await;
        while stream.write_all(b"x").await.is_ok() {
            tokio::task::yield_now().await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    assert_eq!(pulled(&drips.await).await.code(), "offline");
}

#[tokio::test]
async fn an_answer_without_an_end_is_not_kept() {
    let endless = answering(|mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        let zeros = vec![0; 1 << 16];
        while stream.write_all(&zeros).await.is_ok() {}
    });
    let code = pulled(&endless.await).await.code();
    assert!(
        ["relay_nonsense", "offline"].contains(&code.as_str()),
        "{code}"
    );
}

#[tokio::test]
async fn the_time_of_an_answer_and_the_wish_of_a_stream_are_heard() {
    let address = answering(|stream| {
        say(
            stream,
            "HTTP/1.1 200 OK\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\ncontent-type: \
             text/event-stream\r\n\r\nretry: 5000\n: quiet\n\ndata: {}\n\n",
        )
    });
    let relay = Relay::new(client().unwrap(), &address.await);
    relay.wait_for_news(&asker(), &[]).await.unwrap();
    assert_eq!(relay.heard.reconnect(), Duration::from_secs(5));
    let heard = relay.heard.time().unwrap().0;
    assert!((784_111_777_000..784_111_877_000).contains(&heard));
    assert_eq!(relay.heard.time(), None);
}
