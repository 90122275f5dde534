//! No write without the lock: the clients of a run that changes a stack refuse to send one when the lease is over.
//!
//! This is asked last, when the request is signed: only connecting, where no connection is open, and sending come after.

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeTransmitInterceptorContextRef, dyn_dispatch_hint},
        orchestrator::Metadata,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

use super::{lease::Lease, moment::Moment};
use crate::read_only;

/// The service whose writes are about locks alone.
const LOCKS: &str = "SSM";

/// Refuses writes while the lease does not allow them, before anything is sent.
#[derive(Debug, Clone)]
pub struct OneWriter(pub Lease);

#[dyn_dispatch_hint]
impl Intercept for OneWriter {
    fn name(&self) -> &'static str {
        "OneWriter"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if config.load::<Metadata>().is_some_and(|it| read_only::is_read(it.name()) || it.service() == LOCKS)
        {
            return Ok(());
        }
        Ok(self.0.may_write(Moment::now())?)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        time::Duration,
    };

    use stackctl_engine::{Address, Events, Reporter, Stop};

    use super::*;
    use crate::request::{
        operation::{Operation, Service},
        pause::pause,
    };
    use crate::{
        clients::{Clients, Reach},
        lock::lease::{Loss, Pace, Unlocked},
        request::{error::AwsError, wait},
    };

    static SERVICE: Service = Service::new();
    static CREATE_BUCKET: Operation =
        Operation { name: "s3:CreateBucket", service: &SERVICE, permissions: &[] };

    /// Answers every request with nothing, and counts them.
    fn server() -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let _ = stream.read(&mut [0; 4096]);
                counted.fetch_add(1, Ordering::SeqCst);
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
                    .unwrap();
            }
        });
        (url, count)
    }

    async fn clients(lease: &Lease) -> (Clients, Arc<AtomicUsize>) {
        let stack = stackctl_stackfile::parse("stack: demo\nregion: eu-west-1\n", None).unwrap();
        let (url, count) = server();
        let key = Some(("test".to_owned(), "test".to_owned()));
        let lease = Some(lease.clone());
        let reach = Reach { endpoint: Some(url), access_key: key, lease, ..Reach::default() };
        (Clients::new(&stack, &reach).await.unwrap(), count)
    }

    async fn write(aws: &Clients) -> Result<(), AwsError> {
        let reporter = Reporter::new(
            Address { kind: "bucket", name: "uploads".to_owned() },
            Events::channel().0,
            Stop::channel().1,
        );
        let create = || aws.s3.create_bucket().bucket("ours").send();
        wait::write(&CREATE_BUCKET, &reporter, create).await.map(drop)
    }

    #[tokio::test]
    async fn no_write_without_the_lock() {
        let lease = Lease::new(Pace::default());
        let (aws, sent) = clients(&lease).await;
        let refused = write(&aws).await.unwrap_err();
        assert!(matches!(refused, AwsError::Unlocked(Unlocked::Lost(Loss::NotTaken))), "{refused}");
        assert_eq!(sent.load(Ordering::SeqCst), 0);
        aws.s3.head_bucket().bucket("ours").send().await.unwrap();
        assert_eq!(sent.load(Ordering::SeqCst), 1, "reads are allowed");
        lease.renew(Moment::now());
        write(&aws).await.unwrap();
        assert_eq!(sent.load(Ordering::SeqCst), 2);
        lease.lose(Loss::Gone);
        assert!(write(&aws).await.is_err());
        assert_eq!(sent.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_write_that_comes_late_waits_for_a_renewal() {
        let pace = Pace { lease: Duration::from_millis(1), ..Pace::default() };
        for is_lost in [false, true] {
            let lease = Lease::new(pace);
            lease.renew(Moment::now());
            let (aws, sent) = clients(&lease).await;
            pause(Duration::from_millis(5)).await;
            let renewal = async {
                lease.wanted().await;
                assert_eq!(sent.load(Ordering::SeqCst), 0, "nothing was sent before");
                if is_lost { lease.lose(Loss::Gone) } else { lease.renew(Moment::now() + pace.lapse) }
            };
            let (written, ()) = tokio::join!(write(&aws), renewal);
            assert_eq!((written.is_err(), sent.load(Ordering::SeqCst)), (is_lost, usize::from(!is_lost)));
        }
    }
}
