import azure.functions as func
import pytest

from local.host.answer import encode_answer


def test_header_given_twice_keeps_the_last_value_as_in_azure() -> None:
    response = func.HttpResponse("x")
    response.headers.add("X-Twice", "1")
    response.headers.add("X-Twice", "2")
    assert ("X-Twice", "2") in encode_answer(response).headers


def test_length_given_by_the_function_is_left_to_the_server() -> None:
    answer = encode_answer(func.HttpResponse("x", headers={"Content-Length": "99"}))
    assert all(name.lower() != "content-length" for name, _ in answer.headers)


@pytest.mark.parametrize("value", ["two\x00three", "grüße"])
def test_header_that_kestrel_refuses_is_an_error(value: str) -> None:
    with pytest.raises(ValueError, match="the header X-Odd of the answer"):
        encode_answer(func.HttpResponse(headers={"X-Odd": value}))


@pytest.mark.parametrize("result", [None, 7, {"a": 1}])
def test_result_that_is_no_response_is_an_error(result: object) -> None:
    with pytest.raises(TypeError, match="not an HttpResponse or str"):
        encode_answer(result)
