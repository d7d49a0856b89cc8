package dev.varve;

import static dev.varve.RetentionTest.assertKept;
import static dev.varve.RetentionTest.marked;
import static dev.varve.RetentionTest.reasons;
import static java.time.temporal.ChronoUnit.DAYS;
import static java.time.temporal.ChronoUnit.HOURS;
import static java.time.temporal.ChronoUnit.MINUTES;
import static java.time.temporal.ChronoUnit.WEEKS;
import static java.time.temporal.ChronoUnit.YEARS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept where calendars are odd: tables worked out by hand. */
class RetentionCalendarTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

  @Test
  void hourly_clocksGoForward_theHourThatIsLeftOutHoldsNothing() {
    // 2026-03-29 in Paris: at 01:00Z it is 03:00 at once.
    String[] history = {
      "2026-03-29T00:10:00Z",
      "2026-03-29T00:59:59Z",
      "2026-03-29T01:00:00Z",
      "2026-03-29T01:50:00Z",
      "2026-03-29T02:10:00Z"
    };
    Retention three = Retention.keep().hourly(3).in(PARIS);
    assertKept(Retention.keep().hourly(2).in(PARIS), marked(history, 3, 4));
    assertKept(three, marked(history, 1, 3, 4));
    assertEquals(List.of("hourly 2026-03-29T01+01:00"), reasons(three, history).get(1));
    assertEquals(List.of("hourly 2026-03-29T03+02:00"), reasons(three, history).get(3));
  }

  @Test
  void daily_clocksGoBack_theLongDayIsOne() {
    // 2026-10-25 in Berlin has 25 hours, from 22:00Z to 23:00Z.
    String[] history = {
      "2026-10-24T21:59:59Z", "2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z", "2026-10-25T23:00:00Z"
    };
    assertKept(Retention.keep().daily(3).in(BERLIN), marked(history, 0, 2, 3));
    assertKept(Retention.keep().daily(2).in(BERLIN), marked(history, 2, 3));
  }

  @Test
  void daily_zoneWithoutChanges_everyDayHas24Hours() {
    // A day of Kolkata begins at 18:30Z, and an hour at half past.
    ZoneId kolkata = ZoneId.of("Asia/Kolkata");
    for (String date : List.of("2026-03-28 2026-03-29", "2026-10-24 2026-10-25")) {
      String first = date.substring(0, 10);
      String second = date.substring(11);
      String[] days = {
        first + "T18:29:59Z", first + "T18:30:00Z", second + "T18:29:59Z", second + "T18:30:00Z"
      };
      assertKept(Retention.keep().daily(3).in(kolkata), marked(days, 0, 2, 3));
      assertKept(Retention.keep().within(Period.ofDays(1)).in(kolkata), marked(days, 1, 2, 3));
      String[] hours = {second + "T01:29:59Z", second + "T01:30:00Z", second + "T02:29:59Z"};
      assertKept(Retention.keep().hourly(2).in(kolkata), marked(hours, 0, 2));
      assertKept(Retention.keep().hourly(2), marked(hours, 1, 2));
    }
  }

  @Test
  void hourly_clocksGoBackByHalfAnHour_halfHoursStayApart() {
    // Lord Howe, 2026-04-05: at 15:00Z of the day before, 02:00+11:00 becomes 01:30+10:30.
    String[] history = {
      "2026-04-04T14:10:00Z", "2026-04-04T14:59:59Z", "2026-04-04T15:10:00Z", "2026-04-04T15:40:00Z"
    };
    ZoneId howe = ZoneId.of("Australia/Lord_Howe");
    assertKept(Retention.keep().hourly(3).in(howe), marked(history, 1, 2, 3));
    assertEquals(
        List.of("hourly 2026-04-05T01+10:30"),
        reasons(Retention.keep().hourly(3).in(howe), history).get(2));
  }

  @Test
  void daily_midnightThatIsLeftOutOrComesTwice_dayEndsOnce() {
    ZoneId paulo = ZoneId.of("America/Sao_Paulo");
    // 2018-11-04 began at 01:00, 03:00Z.
    assertKept(
        Retention.keep().daily(2).in(paulo),
        "2018-11-04T02:00:00Z",
        "2018-11-04T02:59:59Z +",
        "2018-11-04T03:00:00Z +");
    // 2018-02-17 had 23:00 to 24:00 twice; the 18th began at 03:00Z.
    String[] twice = {"2018-02-18T01:30:00Z", "2018-02-18T02:30:00Z", "2018-02-18T03:00:00Z"};
    assertKept(Retention.keep().daily(2).in(paulo), marked(twice, 1, 2));
    assertKept(Retention.keep().hourly(3).in(paulo), marked(twice, 0, 1, 2));
  }

  @Test
  void daily_wholeDayIsLeftOut_neighboursAreTwoDays() {
    // In Apia 2011-12-31 followed 2011-12-29, at 10:00Z.
    String[] history = {"2011-12-30T09:00:00Z", "2011-12-30T09:59:59Z", "2011-12-30T10:00:00Z"};
    Retention daily = Retention.keep().daily(2).in(ZoneId.of("Pacific/Apia"));
    assertKept(daily, marked(history, 1, 2));
    assertEquals(List.of("daily 2011-12-29"), reasons(daily, history).get(1));
    assertEquals(List.of("daily 2011-12-31"), reasons(daily, history).get(2));
  }

  @Test
  void withinDaily_clocksGoBack_countsDaysOfTheCalendar() {
    // From the 24th, 12:00+02:00 to the 26th, 12:00+01:00.
    String[] history = {
      "2026-10-24T09:59:59Z",
      "2026-10-24T10:00:00Z",
      "2026-10-24T21:59:59Z",
      "2026-10-24T22:00:00Z",
      "2026-10-25T22:59:59Z",
      "2026-10-25T23:00:00Z",
      "2026-10-26T11:00:00Z"
    };
    Period two = Period.ofDays(2);
    assertKept(Retention.keep().within(two).in(BERLIN), marked(history, 1, 2, 3, 4, 5, 6));
    assertKept(Retention.keep().withinDaily(two).in(BERLIN), marked(history, 2, 4, 6));
    // 48 hours are an hour less here.
    assertKept(
        Retention.keep().within(Duration.ofDays(2)).in(BERLIN), marked(history, 2, 3, 4, 5, 6));
  }

  @Test
  void every6Hours_clocksChange_quartersOfTheDayStayFour() {
    // 2026-10-25 in Berlin: 00:00 to 06:00 lasts from 22:00Z to 05:00Z; in March until 04:00Z.
    assertKept(
        Retention.keep().every(6, HOURS, Period.ofDays(1)).in(BERLIN),
        "2026-10-24T21:59:59Z +",
        "2026-10-24T22:00:00Z",
        "2026-10-25T04:59:59Z +",
        "2026-10-25T05:00:00Z +");
    assertKept(
        Retention.keep().every(6, HOURS, Period.ofDays(1)).in(BERLIN),
        "2026-03-28T23:00:00Z",
        "2026-03-29T03:59:59Z +",
        "2026-03-29T04:00:00Z",
        "2026-03-29T09:59:59Z +",
        "2026-03-29T10:00:00Z +");
  }

  @Test
  void weekly_endsOnSundayOfItsTimeZone() {
    // Sunday 2026-03-29 ends at 22:00Z in Berlin, and a day of UTC two hours later.
    String[] history = {"2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z", "2026-03-30T00:00:00Z"};
    assertKept(Retention.keep().weekly(2).in(BERLIN), marked(history, 0, 2));
    assertKept(Retention.keep().weekly(2), marked(history, 1, 2));
  }

  @ParameterizedTest
  @CsvSource({
    "2020-12-27, 2020-W52", "2020-12-28, 2020-W53", "2021-01-03, 2020-W53", "2021-01-04, 2021-W01",
    "2022-01-01, 2021-W52", "2022-01-02, 2021-W52", "2022-01-03, 2022-W01", "2023-01-01, 2022-W52",
    "2023-12-31, 2023-W52", "2024-01-01, 2024-W01", "2024-12-29, 2024-W52", "2024-12-30, 2025-W01",
    "2025-12-28, 2025-W52", "2025-12-29, 2026-W01", "2026-12-31, 2026-W53", "2027-01-01, 2026-W53",
    "2027-01-04, 2027-W01", "2028-01-02, 2027-W52", "2028-02-29, 2028-W09", "2032-12-31, 2032-W53",
  })
  void week_aroundNewYear_isThatOfIso(String date, String week) {
    Instant noon = Instant.parse(date + "T12:00:00Z");
    assertEquals(week, CalendarPeriod.one(WEEKS).of(noon.atZone(ZoneOffset.UTC)));
  }

  @Test
  void newYear_weekMonthAndYearEndOnDaysOfTheirOwn() {
    // Friday 2027-01-01 begins a month and a year, but W53 goes on until Sunday.
    String[] history = {
      "2026-12-27T23:59:59Z", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z", "2027-01-03T23:59:59Z"
    };
    assertKept(Retention.keep().weekly(2), marked(history, 0, 3));
    assertKept(Retention.keep().monthly(2), marked(history, 1, 3));
    assertKept(Retention.keep().yearly(2), marked(history, 1, 3));
    assertKept(Retention.keep().withinWeekly(Period.ofWeeks(1)), marked(history, 0, 3));
    assertKept(Retention.keep().withinYearly(Period.ofDays(3)), marked(history, 1, 3));
  }

  @Test
  void every2Weeks_pairsGoOnAcrossWeek53() {
    // 2974 weeks from 1969-12-29 to 2026-12-28: W53 and 2027-W01 are a pair.
    assertKept(
        Retention.keep().every(2, WEEKS, Period.ofMonths(2)),
        "2026-12-14T00:00:00Z",
        "2026-12-27T23:59:59Z +",
        "2026-12-28T00:00:00Z",
        "2027-01-10T23:59:59Z +",
        "2027-01-11T00:00:00Z +");
  }

  @Test
  void leapDay_yearlyAndMonthlyRules_countItToFebruary() {
    String[] history = {
      "2024-02-29T12:00:00Z",
      "2025-02-28T12:00:00Z",
      "2026-02-28T12:00:00Z",
      "2027-02-28T12:00:00Z",
      "2028-02-29T12:00:00Z"
    };
    assertKept(Retention.keep().yearly(3), marked(history, 2, 3, 4));
    assertKept(Retention.keep().yearly(5), marked(history, 0, 1, 2, 3, 4));
    // Back from 2028-02-29: 2024 has that day, the years between have the 28th.
    assertKept(Retention.keep().within(Period.ofYears(4)), marked(history, 0, 1, 2, 3, 4));
    assertKept(Retention.keep().withinYearly(Period.ofYears(3)), marked(history, 1, 2, 3, 4));
    assertKept(Retention.keep().every(1, YEARS, Period.ofYears(1)), marked(history, 3, 4));
    assertKept(Retention.keep().withinMonthly(Period.ofMonths(12)), marked(history, 3, 4));
    // Back from 2027-02-28 three years is 2024-02-28.
    assertKept(
        Retention.keep().within(Period.ofYears(3)),
        "2024-02-28T11:59:59Z",
        "2024-02-29T12:00:00Z +",
        "2027-02-28T12:00:00Z +");
    assertKept(
        Retention.keep().monthly(2),
        "2028-02-28T12:00:00Z",
        "2028-02-29T23:59:59Z +",
        "2028-03-01T00:00:00Z +");
  }

  @Test
  void within_monthsOfUnequalLength_endOnTheLastDayThereIs() {
    // A month before March 29th, 30th and 31st 2027 is always February 28th.
    for (String newest : List.of("2027-03-29", "2027-03-30", "2027-03-31")) {
      assertKept(
          Retention.keep().within(Period.ofMonths(1)),
          "2027-02-28T11:59:59Z",
          "2027-02-28T12:00:00Z +",
          newest + "T12:00:00Z +");
    }
    assertKept(
        Retention.keep().withinMonthly(Period.ofMonths(1)),
        "2026-04-30T11:59:59Z",
        "2026-04-30T12:00:00Z +",
        "2026-05-31T12:00:00Z +");
  }

  @Test
  void withinHourly_keepsOneAnHourForSoLong() {
    String[] history = {
      "2026-11-19T10:29:59Z",
      "2026-11-19T10:30:00Z",
      "2026-11-19T10:45:00Z",
      "2026-11-19T11:00:00Z",
      "2026-11-19T11:59:59Z",
      "2026-11-19T12:00:00Z",
      "2026-11-19T12:30:00Z"
    };
    Retention rules = Retention.keep().withinHourly(Duration.ofHours(2));
    assertKept(rules, marked(history, 2, 4, 6));
    assertEquals(List.of("hourly PT2H: older"), reasons(rules, history).get(0));
    assertEquals(List.of("hourly: 2026-11-19T10Z has a newer one"), reasons(rules, history).get(1));
  }

  @Test
  void withinWeekly_keepsOneAWeekForSoLong() {
    // Three weeks before Thursday of W47 is Thursday of W44.
    String[] history = {
      "2026-10-29T11:59:59Z",
      "2026-10-29T12:00:00Z",
      "2026-11-01T12:00:00Z",
      "2026-11-02T00:00:00Z",
      "2026-11-15T12:00:00Z",
      "2026-11-16T12:00:00Z",
      "2026-11-19T12:00:00Z"
    };
    assertKept(Retention.keep().withinWeekly(Period.ofWeeks(3)), marked(history, 2, 3, 4, 6));
  }

  @Test
  void withinMonthlyAndYearly_keepOneOfEachForSoLong() {
    String[] months = {
      "2026-09-19T11:59:59Z",
      "2026-09-19T12:00:00Z",
      "2026-09-30T23:59:59Z",
      "2026-10-01T00:00:00Z",
      "2026-10-31T23:59:59Z",
      "2026-11-01T00:00:00Z",
      "2026-11-19T12:00:00Z"
    };
    assertKept(Retention.keep().withinMonthly(Period.ofMonths(2)), marked(months, 2, 4, 6));
    String[] years = {
      "2024-11-19T11:59:59Z",
      "2024-11-19T12:00:00Z",
      "2024-12-31T23:59:59Z",
      "2025-01-01T00:00:00Z",
      "2025-12-31T23:59:59Z",
      "2026-11-19T12:00:00Z"
    };
    assertKept(Retention.keep().withinYearly(Period.ofYears(2)), marked(years, 2, 4, 5));
  }

  @Test
  void every_anyLength_holdsOneOfEachPeriod() {
    assertKept(
        Retention.keep().every(15, MINUTES, Duration.ofHours(1)),
        "2026-11-19T11:19:59Z",
        "2026-11-19T11:20:00Z",
        "2026-11-19T11:29:59Z +",
        "2026-11-19T11:30:00Z +",
        "2026-11-19T12:00:00Z",
        "2026-11-19T12:14:59Z +",
        "2026-11-19T12:20:00Z +");
    // Day 20,775 of the epoch, which 5 divides, is 2026-11-18.
    assertKept(
        Retention.keep().every(5, DAYS, Period.ofDays(10)),
        "2026-11-09T11:00:00Z",
        "2026-11-12T23:59:59Z +",
        "2026-11-13T00:00:00Z",
        "2026-11-17T23:59:59Z +",
        "2026-11-18T00:00:00Z",
        "2026-11-19T12:00:00Z +");
    assertKept(
        Retention.keep().every(10, YEARS, Period.ofYears(30)),
        "1996-11-19T11:59:59Z",
        "1999-12-31T23:59:59Z +",
        "2000-01-01T00:00:00Z",
        "2009-12-31T23:59:59Z +",
        "2019-12-31T23:59:59Z +",
        "2026-11-19T12:00:00Z +");
  }
}
