"""Who or what a sentence is about must be the line's: what is swapped, changed or turned round is found out."""

import pytest

from assistant.generating.grounding import Ground, Grounding
from index import Block, BlockKind, CourseIndex, Section

TRAIL = "CloudTrail records who called which API and keeps the records for 90 days."
WATCH = "CloudWatch collects metrics and keeps them for 15 months."
TRAIL_KO = "CloudTrail은 누가 어떤 API를 호출했는지 기록하고 90일 동안 보관합니다."
WATCH_KO = "CloudWatch는 지표를 수집하고 15개월 동안 보관합니다."
KEYS = "Access keys do not expire, but passwords expire after 90 days."
KEYS_KO = "액세스 키는 만료되지 않지만, 암호는 90일 뒤에 만료됩니다."
LAMBDA = ("Lambda functions run for at most 15 minutes.", "A Lambda layer has at most 250 MB.")
LAMBDA_KO = ("Lambda 함수는 최대 15분 동안 실행됩니다.", "Lambda 계층은 최대 250MB입니다.")
ROLE = "A user assumes a role, and the role grants temporary credentials."
ROLE_KO = "사용자가 역할을 맡으면 역할이 임시 자격 증명을 줍니다."
FRONT = "CloudFront caches objects from S3."
FRONT_KO = "CloudFront는 S3의 객체를 캐시합니다."
PRICE = "S3 is cheaper than EBS."
PRICE_KO = "S3는 EBS보다 저렴합니다."
FOLDERS = "S3 does not have folders, but it shows prefixes as folders."
FOLDERS_KO = "S3에는 폴더가 없지만, 접두사를 폴더처럼 보여 줍니다."
UNLIKE = "Unlike CloudTrail, CloudWatch collects metrics."
UNLIKE_KO = "CloudTrail과 달리 CloudWatch는 지표를 수집합니다."
SNAPSHOT = "Snapshots of EBS volumes are stored in S3."
SNAPSHOT_KO = "EBS 볼륨의 스냅샷은 S3에 저장됩니다."
QUEUE = ("The queue keeps messages for 4 days.", "The topic delivers messages at once.")
QUEUE_KO = ("대기열은 메시지를 4일 동안 보관합니다.", "주제는 메시지를 바로 전달합니다.")
PUBLIC = "Buckets are private by default, and versioning is disabled."
PUBLIC_KO = "버킷은 기본적으로 비공개이고, 버전 관리는 꺼져 있습니다."
AFTER = "Encrypt the data before you upload it."
AFTER_KO = "데이터를 업로드하기 전에 암호화합니다."
SCALE = "Vertical scaling makes one server larger, and horizontal scaling adds servers."
SCALE_KO = "수직 확장은 서버 한 대를 키우고, 수평 확장은 서버를 늘립니다."


@pytest.fixture(scope="module")
def grounding(course_index: CourseIndex) -> Grounding:
    return Grounding(course_index.words)


def ground(*lines: str, heading: str = "Notes") -> Ground:
    blocks = tuple(Block(BlockKind.ITEM, line, n, n, 1, 1) for n, line in enumerate(lines, 2))
    return Ground(Section(0, "n.md", heading, (heading,), 2, "Module 1", "en", 1, len(lines) + 1, "k", blocks), blocks)


def supported(grounding: Grounding, sentence: str, lines: tuple[str, ...], heading: str, before: str = "") -> bool:
    return grounding.verdict(sentence, [ground(*lines, heading=heading)], before).supported


BOTH = "CloudTrail and CloudWatch"
SWAPPED = [
    # who or what it is about
    ("CloudTrail collects metrics and keeps them for 15 months.", (TRAIL, WATCH), BOTH),
    ("CloudTrail collects metrics.", (TRAIL, WATCH), BOTH),
    ("CloudTrail collects metrics.", (WATCH,), BOTH),
    ("CloudWatch records who called which API.", (TRAIL, WATCH), BOTH),
    ("CloudWatch keeps the records for 90 days.", (TRAIL, WATCH), BOTH),
    ("CloudTrail keeps metrics for 15 months.", (TRAIL, WATCH), "Monitoring"),
    ("CloudTrail collects metrics, while CloudWatch records who called which API.", (TRAIL, WATCH), BOTH),
    ("CloudWatch records who called which API, and CloudTrail collects metrics.", (TRAIL, WATCH), BOTH),
    ("CloudTrail은 지표를 수집하고 15개월 동안 보관합니다.", (TRAIL_KO, WATCH_KO), BOTH),
    ("CloudTrail은 지표를 수집합니다.", (TRAIL_KO, WATCH_KO), BOTH),
    ("CloudTrail은 지표를 수집합니다.", (WATCH_KO,), BOTH),
    ("CloudWatch는 누가 어떤 API를 호출했는지 기록합니다.", (TRAIL_KO, WATCH_KO), "모니터링"),
    ("CloudTrail은 지표를 수집하고, CloudWatch는 누가 API를 호출했는지 기록합니다.", (TRAIL_KO, WATCH_KO), BOTH),
    ("클라우드트레일은 지표를 수집합니다.", (TRAIL_KO, WATCH_KO), BOTH),
    ("CloudTrail collects metrics.", (TRAIL_KO, WATCH_KO), BOTH),
    ("CloudTrail은 지표를 수집합니다.", (TRAIL, WATCH), BOTH),
    ("CloudTrail collects metrics.", (UNLIKE,), "Monitoring"),
    ("CloudTrail은 지표를 수집합니다.", (UNLIKE_KO,), "모니터링"),
    ("Passwords do not expire.", (KEYS,), "Keys and passwords"),
    ("Access keys expire after 90 days.", (KEYS,), "Keys and passwords"),
    ("암호는 만료되지 않습니다.", (KEYS_KO,), "키와 암호"),
    ("액세스 키는 90일 뒤에 만료됩니다.", (KEYS_KO,), "키와 암호"),
    ("Lambda layers run for at most 15 minutes.", LAMBDA, "Lambda"),
    ("A Lambda function has at most 250 MB.", LAMBDA, "Lambda"),
    ("Lambda 계층은 최대 15분 동안 실행됩니다.", LAMBDA_KO, "Lambda"),
    ("Lambda 함수는 최대 250MB입니다.", LAMBDA_KO, "Lambda"),
    ("The topic keeps messages for 4 days.", QUEUE, "Messages"),
    ("The queue delivers messages at once.", QUEUE, "Messages"),
    ("주제는 메시지를 4일 동안 보관합니다.", QUEUE_KO, "메시지"),
    ("대기열은 메시지를 바로 전달합니다.", QUEUE_KO, "메시지"),
    ("Horizontal scaling makes one server larger.", (SCALE,), "Scaling"),
    ("수평 확장은 서버 한 대를 키웁니다.", (SCALE_KO,), "확장"),
    # who does what to whom
    ("S3 caches objects from CloudFront.", (FRONT,), "Delivery"),
    ("S3는 CloudFront의 객체를 캐시합니다.", (FRONT_KO,), "전송"),
    ("EBS is cheaper than S3.", (PRICE,), "Prices"),
    ("EBS는 S3보다 저렴합니다.", (PRICE_KO,), "가격"),
    ("A role assumes a user.", (ROLE,), "Roles"),
    ("역할이 사용자를 맡습니다.", (ROLE_KO,), "역할"),
    ("Snapshots of EBS volumes are stored in EFS.", (SNAPSHOT, "EFS is a file system."), "Storage"),
    ("EBS 볼륨의 스냅샷은 EFS에 저장됩니다.", (SNAPSHOT_KO, "EFS는 파일 시스템입니다."), "스토리지"),
    # numbers and units of another line, bounds turned round
    ("CloudTrail keeps the records for 15 months.", (TRAIL, WATCH), BOTH),
    ("CloudTrail은 기록을 15개월 동안 보관합니다.", (TRAIL_KO, WATCH_KO), BOTH),
    ("CloudTrail keeps the records for 90 months.", (TRAIL, WATCH), BOTH),
    ("Lambda functions run for at least 15 minutes.", LAMBDA, "Lambda"),
    ("Lambda 함수는 최소 15분 동안 실행됩니다.", LAMBDA_KO, "Lambda"),
    # denied and affirmed, and words that mean the opposite
    ("S3 has folders.", (FOLDERS,), "S3"),
    ("S3 does not show prefixes as folders.", (FOLDERS,), "S3"),
    ("S3에는 폴더가 있습니다.", (FOLDERS_KO,), "S3"),
    ("Buckets are public by default.", (PUBLIC,), "Buckets"),
    ("버킷은 기본적으로 공개입니다.", (PUBLIC_KO,), "버킷"),
    ("Versioning is enabled.", (PUBLIC,), "Buckets"),
    ("버전 관리는 기본적으로 켜져 있습니다.", (PUBLIC_KO,), "버킷"),
    ("Encrypt the data after you upload it.", (AFTER,), "Encryption"),
    ("데이터를 업로드한 후에 암호화합니다.", (AFTER_KO,), "암호화"),
    ("S3 is more expensive than EBS.", (PRICE,), "Prices"),
    ("S3는 EBS보다 비쌉니다.", (PRICE_KO,), "가격"),
]
#: What goes before (the sentence before, or the question) is what a sentence without a subject of its own is about.
LEANING = [
    ("It also collects metrics.", (TRAIL, WATCH), BOTH, "CloudTrail records who called which API."),
    ("It keeps them for 15 months.", (TRAIL, WATCH), BOTH, "CloudTrail records who called which API."),
    ("15개월 동안 보관합니다.", (TRAIL_KO, WATCH_KO), BOTH, "CloudTrail 기록은 얼마 동안 보관돼?"),
    ("또한 지표를 수집합니다.", (TRAIL_KO, WATCH_KO), BOTH, "CloudTrail은 누가 API를 호출했는지 기록합니다."),
]
FAIR = [
    ("CloudWatch collects metrics and keeps them for 15 months.", (TRAIL, WATCH), BOTH),
    ("CloudWatch collects metrics.", (TRAIL, WATCH), BOTH),
    ("Metrics are collected by CloudWatch.", (TRAIL, WATCH), BOTH),
    ("Metrics are kept for 15 months in CloudWatch.", (TRAIL, WATCH), BOTH),
    ("In CloudWatch, metrics are kept for 15 months.", (TRAIL, WATCH), BOTH),
    ("CloudTrail records are kept for 90 days.", (TRAIL, WATCH), BOTH),
    ("The records of CloudTrail are kept for 90 days.", (TRAIL, WATCH), BOTH),
    ("CloudTrail records who called which API, while CloudWatch collects metrics.", (TRAIL, WATCH), BOTH),
    ("CloudWatch는 지표를 수집합니다.", (TRAIL_KO, WATCH_KO), BOTH),
    ("지표는 CloudWatch가 수집합니다.", (TRAIL_KO, WATCH_KO), BOTH),
    ("CloudWatch에서는 지표를 15개월 동안 보관합니다.", (TRAIL_KO, WATCH_KO), BOTH),
    ("CloudTrail의 기록은 90일 동안 보관됩니다.", (TRAIL_KO, WATCH_KO), BOTH),
    ("CloudTrail은 API 호출을 기록하고, CloudWatch는 지표를 수집합니다.", (TRAIL_KO, WATCH_KO), BOTH),
    ("CloudWatch collects metrics.", (UNLIKE,), "Monitoring"),
    ("CloudWatch는 지표를 수집합니다.", (UNLIKE_KO,), "모니터링"),
    ("CloudWatch는 지표를 15개월 동안 보관합니다.", (TRAIL, WATCH), BOTH),
    ("CloudWatch collects metrics for 15 months.", (TRAIL_KO, WATCH_KO), BOTH),
    ("Passwords expire after 90 days.", (KEYS,), "Keys and passwords"),
    ("Access keys never expire.", (KEYS,), "Keys and passwords"),
    ("암호는 90일 뒤에 만료됩니다.", (KEYS_KO,), "키와 암호"),
    ("액세스 키는 만료되지 않습니다.", (KEYS_KO,), "키와 암호"),
    ("A Lambda function can run for up to 15 minutes.", LAMBDA, "Lambda"),
    ("Lambda functions run 15 minutes at most.", LAMBDA, "Lambda"),
    ("Lambda 함수는 15분까지 실행됩니다.", LAMBDA_KO, "Lambda"),
    ("Lambda 계층의 크기는 최대 250MB입니다.", LAMBDA_KO, "Lambda"),
    ("Messages stay in the queue for 4 days.", QUEUE, "Messages"),
    ("메시지는 대기열에 4일 동안 보관됩니다.", QUEUE_KO, "메시지"),
    ("Vertical scaling makes a server larger.", (SCALE,), "Scaling"),
    ("수직 확장은 서버를 키우는 것입니다.", (SCALE_KO,), "확장"),
    ("Objects from S3 are cached by CloudFront.", (FRONT,), "Delivery"),
    ("S3의 객체는 CloudFront가 캐시합니다.", (FRONT_KO,), "전송"),
    ("S3의 객체가 CloudFront에 캐시됩니다.", (FRONT_KO,), "전송"),
    ("EBS보다 S3가 저렴합니다.", (PRICE_KO,), "가격"),
    ("A role is assumed by a user.", (ROLE,), "Roles"),
    ("The role grants temporary credentials.", (ROLE,), "Roles"),
    ("역할은 사용자가 맡습니다.", (ROLE_KO,), "역할"),
    ("S3 stores snapshots of EBS volumes.", (SNAPSHOT,), "Storage"),
    ("S3에는 EBS 볼륨의 스냅샷이 저장됩니다.", (SNAPSHOT_KO,), "스토리지"),
    ("CloudTrail keeps the records for 90 days.", (TRAIL, WATCH), BOTH),
    ("S3 shows prefixes as folders.", (FOLDERS,), "S3"),
    ("There are no folders in S3.", (FOLDERS,), "S3"),
    ("S3에는 폴더가 없습니다.", (FOLDERS_KO,), "S3"),
    ("접두사를 폴더처럼 보여 줍니다.", (FOLDERS_KO,), "S3"),
    ("By default, buckets are private.", (PUBLIC,), "Buckets"),
    ("버킷은 기본적으로 공개되지 않습니다.", ("버킷은 기본적으로 공개되지 않고, 버전 관리는 꺼져 있습니다.",), "버킷"),
    ("Before uploading, encrypt the data.", (AFTER,), "Encryption"),
    ("업로드하기 전에 데이터를 암호화해야 합니다.", (AFTER_KO,), "암호화"),
    ("You can keep records for 90 days.", (TRAIL,), "CloudTrail"),
    ("CloudTrail keeps them for 90 days.", ("Records are kept for 90 days.",), "CloudTrail"),
    ("CloudTrail은 90일 동안 보관합니다.", ("기록은 90일 동안 보관됩니다.",), "CloudTrail"),
    ("S3 bucket names are unique in the world.", ("Bucket names are unique in the world.",), "Amazon S3"),
]
FAIR_LEANING = [
    ("It also collects metrics.", (TRAIL, WATCH), BOTH, "CloudWatch keeps metrics for 15 months."),
    ("15개월 동안 보관합니다.", (TRAIL_KO, WATCH_KO), BOTH, "CloudWatch 지표는 얼마 동안 보관돼?"),
    ("15개월 동안 보관합니다.", (TRAIL_KO, WATCH_KO), BOTH, "CloudTrail이랑 CloudWatch 차이가 뭐야?"),
    ("지표는 15개월 동안 보관합니다.", (WATCH_KO,), BOTH, "지표는 얼마 동안 보관돼?"),
    ("They are kept for 15 months.", (WATCH,), BOTH, "How long are metrics kept?"),
]


def _id(case: tuple[object, ...]) -> str:
    return str(case[0])[:50]


@pytest.mark.parametrize(("sentence", "lines", "heading"), SWAPPED, ids=map(_id, SWAPPED))
def test_what_the_lines_say_of_something_else_or_the_other_way_round_is_not_supported(
    grounding, sentence, lines, heading
):
    assert not supported(grounding, sentence, lines, heading)


@pytest.mark.parametrize(("sentence", "lines", "heading", "before"), LEANING, ids=map(_id, LEANING))
def test_what_a_sentence_leaves_out_is_what_went_before(grounding, sentence, lines, heading, before):
    assert not supported(grounding, sentence, lines, heading, before)


@pytest.mark.parametrize(("sentence", "lines", "heading"), FAIR, ids=map(_id, FAIR))
def test_a_fair_paraphrase_is_supported(grounding, sentence, lines, heading):
    assert supported(grounding, sentence, lines, heading)


@pytest.mark.parametrize(("sentence", "lines", "heading", "before"), FAIR_LEANING, ids=map(_id, FAIR_LEANING))
def test_a_fair_paraphrase_that_leans_on_what_went_before_is_supported(grounding, sentence, lines, heading, before):
    assert supported(grounding, sentence, lines, heading, before)
