import pytest

from index.language.particles import attach, final_sound, object_, subject, topic, toward, with_


@pytest.mark.parametrize(
    ("word", "attached"),
    [
        ("역할", "역할은 역할이 역할을 역할과 역할로"),
        ("정책", "정책은 정책이 정책을 정책과 정책으로"),
        ("쿠버네티스", "쿠버네티스는 쿠버네티스가 쿠버네티스를 쿠버네티스와 쿠버네티스로"),
        ("S3", "S3는 S3가 S3를 S3와 S3로"),
        ("EC2", "EC2는 EC2가 EC2를 EC2와 EC2로"),
        ("Cloud9", "Cloud9은 Cloud9이 Cloud9을 Cloud9과 Cloud9으로"),
        ("IAM", "IAM은 IAM이 IAM을 IAM과 IAM으로"),
        ("ARN", "ARN은 ARN이 ARN을 ARN과 ARN으로"),
        ("CloudTrail", "CloudTrail은 CloudTrail이 CloudTrail을 CloudTrail과 CloudTrail로"),
        ("CloudWatch", "CloudWatch는 CloudWatch가 CloudWatch를 CloudWatch와 CloudWatch로"),
        ("90일", "90일은 90일이 90일을 90일과 90일로"),
        ("500", "500은 500이 500을 500과 500으로"),
    ],
)
def test_particles_follow_the_last_sound(word, attached):
    assert " ".join(function(word) for function in (topic, subject, object_, with_, toward)) == attached


def test_a_gloss_or_a_quote_does_not_change_the_particle():
    assert topic("역할(role)") == "역할(role)은"
    assert object_("‘정책’") == "‘정책’을"


def test_a_word_without_letters_ends_in_a_vowel():
    assert final_sound("…") == "-"


def test_a_particle_of_one_form_is_refused():
    with pytest.raises(ValueError, match="two forms"):
        attach("역할", "에서")
