import time

from sidecar.telemetry.loop_lag import LoopLag
from tests.waiting import until


async def test_loop_that_is_held_up_shows_its_delay():
    lag = LoopLag(interval=0.01, window=10.0)
    lag.start()
    await until(lambda: lag._delays)
    time.sleep(0.2)  # noqa: ASYNC251 - holding the loop up is the point
    await until(lambda: lag.worst() >= 0.15)
    lag.stop()


async def test_delay_is_forgotten_after_the_window():
    lag = LoopLag(interval=0.001, window=0.02)
    lag.start()
    lag._delays.append(5.0)
    await until(lambda: lag.worst() < 5.0)
    lag.stop()


async def test_window_bounds_what_is_kept():
    lag = LoopLag(interval=0.001, window=0.005)
    lag.start()
    await until(lambda: len(lag._delays) == 5)
    assert lag._delays.maxlen == 5
    lag.stop()


async def test_nothing_is_left_on_the_loop_after_the_stop():
    lag = LoopLag(interval=0.001)
    lag.start()
    await until(lambda: lag._delays)
    timer = lag._timer
    lag.stop()
    assert timer.cancelled()


def test_before_the_start_there_is_no_delay():
    assert LoopLag().worst() == 0.0
