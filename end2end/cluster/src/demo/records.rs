//! What the shop writes: the n-th record of each stream, always the same for the same n and time.

use serde_json::json;

/// One kind of record; each has a topic of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Orders,
    WebAccessLog,
    Clickstream,
    Users,
    SessionsCache,
    PaymentsSettled,
    InventoryChanges,
    Notifications,
}

/// A record to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) key: Option<Vec<u8>>,
    /// `None` is a tombstone.
    pub(crate) value: Option<Vec<u8>>,
    pub(crate) headers: Vec<(&'static str, Option<Vec<u8>>)>,
}

impl Stream {
    pub(crate) const ALL: [Self; 8] = [
        Self::Orders,
        Self::WebAccessLog,
        Self::Clickstream,
        Self::Users,
        Self::SessionsCache,
        Self::PaymentsSettled,
        Self::InventoryChanges,
        Self::Notifications,
    ];

    pub(crate) fn topic(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::WebAccessLog => "web-access-log",
            Self::Clickstream => "clickstream",
            Self::Users => "users",
            Self::SessionsCache => "sessions-cache",
            Self::PaymentsSettled => "payments.settled",
            Self::InventoryChanges => "inventory-changes",
            Self::Notifications => "notifications",
        }
    }

    /// How many a new demo begins with.
    pub(crate) fn seeded(self) -> u64 {
        match self {
            Self::Orders => 12_000,
            Self::WebAccessLog => 15_000,
            Self::Clickstream => 12_000,
            Self::Users => 1_200,
            Self::SessionsCache => 2_000,
            Self::PaymentsSettled => 3_000,
            Self::InventoryChanges => 4_000,
            Self::Notifications => 400,
        }
    }

    /// How many per second the traffic writes, on average; 187 in all.
    pub(crate) fn rate(self) -> u32 {
        match self {
            Self::Orders => 20,
            Self::WebAccessLog => 60,
            Self::Clickstream => 80,
            Self::Users => 2,
            Self::SessionsCache => 10,
            Self::PaymentsSettled => 6,
            Self::InventoryChanges => 8,
            Self::Notifications => 1,
        }
    }

    /// The n-th record; `at` is in milliseconds since 1970.
    pub(crate) fn record(self, n: u64, at: u64) -> Record {
        let dice = Dice(n.wrapping_mul(31).wrapping_add(self as u64));
        match self {
            Self::Orders => order(n, at, dice),
            Self::WebAccessLog => access(at, dice),
            Self::Clickstream => click(at, dice),
            Self::Users => user(n, at, dice),
            Self::SessionsCache => session(at, dice),
            Self::PaymentsSettled => payment(n, at, dice),
            Self::InventoryChanges => inventory(at, dice),
            Self::Notifications => notification(n, at, dice),
        }
    }
}

/// Repeatable chance.
#[derive(Debug, Clone, Copy)]
struct Dice(u64);

impl Dice {
    /// Below `sides`; each `what` has a throw of its own. (The mixing step of `SplitMix64`.)
    fn roll(self, what: u64, sides: u64) -> u64 {
        let mut z = self.0 ^ what.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    fn pick<T: Copy>(self, what: u64, from: &[T]) -> T {
        let index = self.roll(what, from.len() as u64);
        from[usize::try_from(index).unwrap_or(0)]
    }
}

fn keyed(key: impl Into<Vec<u8>>, value: &serde_json::Value) -> Record {
    Record { key: Some(key.into()), value: Some(value.to_string().into_bytes()), headers: Vec::new() }
}

fn order(n: u64, at: u64, dice: Dice) -> Record {
    let customer = format!("customer-{:04}", dice.roll(1, 2_000));
    let quantity = 1 + dice.roll(2, 5);
    let cents = 199 + dice.roll(3, 20_000);
    let value = json!({
        "order_id": n,
        "customer": customer,
        "items": [{"sku": format!("SKU-{:03}", dice.roll(4, 400)), "quantity": quantity, "price_cents": cents}],
        "total_cents": quantity * cents,
        "currency": dice.pick(5, &["EUR", "KRW", "USD"]),
        "status": dice.pick(6, &["created", "paid", "packed", "shipped"]),
        "created_at": at,
    });
    keyed(customer, &value)
}

fn access(at: u64, dice: Dice) -> Record {
    let path = match dice.roll(1, 4) {
        0 => "/".to_owned(),
        1 => format!("/products/{}", dice.roll(2, 400)),
        2 => "/cart".to_owned(),
        _ => format!("/search?q={}", dice.pick(3, &["kafka", "tea", "desk+lamp", "%EC%BB%A4%ED%94%BC"])),
    };
    let value = json!({
        "time": at,
        "client": format!("203.0.113.{}", dice.roll(4, 254) + 1),
        "method": dice.pick(5, &["GET", "GET", "GET", "GET", "POST", "HEAD"]),
        "path": path,
        "status": dice.pick(6, &[200, 200, 200, 200, 200, 200, 304, 301, 404, 500]),
        "bytes": dice.roll(7, 60_000),
        "duration_ms": dice.roll(8, 400),
        "agent": dice.pick(9, &["Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (iPhone)", "curl/8.5.0"]),
    });
    Record { key: None, value: Some(value.to_string().into_bytes()), headers: Vec::new() }
}

fn click(at: u64, dice: Dice) -> Record {
    let session = format!("s-{:05}", dice.roll(1, 5_000));
    let value = json!({
        "session": session,
        "event": dice.pick(2, &["view", "view", "scroll", "click", "add_to_cart"]),
        "page": format!("/products/{}", dice.roll(3, 400)),
        "at": at,
    });
    keyed(session, &value)
}

/// Mostly changes of five hundred users; every fifteenth deletes one.
fn user(n: u64, at: u64, dice: Dice) -> Record {
    let id = format!("user-{:05}", dice.roll(1, 500));
    if n % 15 == 14 {
        return Record { key: Some(id.into_bytes()), value: None, headers: Vec::new() };
    }
    let value = json!({
        "id": id,
        "name": dice.pick(2, &["Ada Lovelace", "김민준", "Grace Hopper", "이서연", "Søren Åkesson", "Zoë O'Neil"]),
        "plan": dice.pick(3, &["free", "plus", "business"]),
        "changed_at": at,
    });
    keyed(id, &value)
}

fn session(at: u64, dice: Dice) -> Record {
    let id = format!("s-{:05}", dice.roll(1, 5_000));
    let value = json!({"session": id, "cart_items": dice.roll(2, 9), "seen_at": at});
    keyed(id, &value)
}

fn payment(n: u64, at: u64, dice: Dice) -> Record {
    let value = json!({
        "payment_id": format!("pay-{n}"),
        "order_id": n,
        "amount_cents": 199 + dice.roll(1, 90_000),
        "method": dice.pick(2, &["card", "transfer", "voucher"]),
        "settled_at": at,
    });
    keyed(format!("pay-{n}"), &value)
}

fn inventory(at: u64, dice: Dice) -> Record {
    let sku = format!("SKU-{:03}", dice.roll(1, 400));
    let change = i64::try_from(dice.roll(2, 41)).unwrap_or(0) - 20;
    let warehouse = dice.pick(3, &["seoul", "rotterdam", "ohio"]);
    keyed(sku.clone(), &json!({"sku": sku, "change": change, "warehouse": warehouse, "at": at}))
}

/// Everything a message viewer must survive, in turn.
fn notification(n: u64, at: u64, dice: Dice) -> Record {
    let trace = ("trace-id", Some(format!("{:016x}", dice.roll(1, u64::MAX)).into_bytes()));
    let kind = |text: &str| ("content-type", Some(text.as_bytes().to_vec()));
    let customer = format!("customer-{:04}", dice.roll(2, 2_000)).into_bytes();
    match n % 6 {
        0 => Record {
            headers: vec![trace, kind("application/json"), ("lang", Some(b"ko".to_vec()))],
            ..keyed(
                "고객-알림",
                &json!({"제목": "주문이 발송되었습니다 📦", "본문": "안녕하세요, 고객님. 주문하신 상품이 오늘 출발했습니다.", "시각": at}),
            )
        },
        1 => Record {
            key: Some(n.to_be_bytes().to_vec()),
            value: Some((0..=255).collect()),
            headers: vec![kind("application/octet-stream"), ("signature", Some(vec![0xff, 0x00, 0xfe, 0x80]))],
        },
        2 => Record {
            key: Some(customer),
            value: Some(b"</title><script>alert('value')</script> & \"quoted\"".to_vec()),
            headers: vec![trace, kind("text/html"), ("<b>bold</b>", Some(b"<i>x</i>".to_vec()))],
        },
        3 => Record {
            key: None,
            value: Some(Vec::new()),
            headers: vec![("retry", Some(b"1".to_vec())), ("retry", Some(b"2".to_vec())), ("reason", None)],
        },
        4 => Record {
            key: Some(customer),
            value: Some("plain text\nof two lines \u{202e}turned around\u{202c}\tand a tab".into()),
            headers: vec![trace, kind("text/plain; charset=utf-8")],
        },
        _ => Record {
            headers: vec![trace, kind("application/json")],
            ..keyed(
                customer,
                &json!({"channel": "email", "template": "order-shipped", "lines": (0..40).map(|l| format!("line {l} of a longer message")).collect::<Vec<_>>(), "at": at}),
            )
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_depends_on_its_number_alone() {
        for stream in Stream::ALL {
            assert_eq!(stream.record(7, 1_000), stream.record(7, 1_000));
        }
        assert_ne!(Stream::Orders.record(7, 1_000), Stream::Orders.record(8, 1_000));
    }

    #[test]
    fn the_demo_is_small_and_quiet() {
        let all: u64 = Stream::ALL.iter().map(|s| s.seeded()).sum();
        assert!((20_000..60_000).contains(&all), "{all}");
        let rate: u32 = Stream::ALL.iter().map(|s| s.rate()).sum();
        // The traffic swings by 30 %.
        assert!(rate * 13 / 10 <= 300, "{rate}");
    }

    #[test]
    fn users_are_deleted_and_notifications_are_binary_empty_and_korean() {
        let some = |stream: Stream| (0..60).map(move |n| stream.record(n, 0));
        assert_eq!(some(Stream::Users).filter(|r| r.value.is_none()).count(), 4);
        let values: Vec<Vec<u8>> = some(Stream::Notifications).filter_map(|r| r.value).collect();
        assert!(values.iter().any(Vec::is_empty));
        assert!(values.iter().any(|v| std::str::from_utf8(v).is_err()));
        assert!(values.iter().any(|v| String::from_utf8_lossy(v).contains("주문")));
    }
}
