package org.scout4j.cli.load;

import java.util.List;
import java.util.Random;

/** English-like text without meaning, made of short words that most vocabularies have whole. */
final class SyntheticText {
    private static final int SHORTEST_SENTENCE = 6;
    private static final int SENTENCE_SPREAD = 9;

    private static final List<String> WORDS =
            List.of(
                    """
                    the of and to in a is that for it was on are as with his they at be this have
                    from or one had by but not what all were we when your can said there use an each
                    which she do how their if will up other about out many then them these so some
                    her would make like him into time has look two more write go see number no way
                    could people my than first water been call who oil its now find long down day
                    did get come made may part over new sound take only little work know place year
                    live me back give most very after thing our just name good sentence man think
                    say great where help through much before line right too mean old any same tell
                    boy follow came want show also around form three small set put end does another
                    well large must big even such because turn here why ask went men read need land
                    different home us move try kind hand picture again change off play spell air
                    away animal house point page letter mother answer found study still learn should
                    world high every near add food between own below country plant last school
                    father keep tree never start city earth eye light thought head under story saw
                    left few while along might close something seem next hard open example begin
                    life always those both paper together got group often run important until
                    children side feet car mile night walk white sea began grow took river four
                    carry state once book hear stop without second later miss idea enough eat face
                    watch far really almost let above girl sometimes mountain cut young talk soon
                    list song being leave family
                    """
                            .split("\\s+"));

    private SyntheticText() {}

    /** A text of so many words, in sentences; no space at its ends. */
    static String words(Random random, int count) {
        StringBuilder text = new StringBuilder(count * 6);
        int left = 0;
        for (int i = 0; i < count; i++) {
            String word = WORDS.get(random.nextInt(WORDS.size()));
            if (left == 0) {
                left = SHORTEST_SENTENCE + random.nextInt(SENTENCE_SPREAD);
                text.append(i == 0 ? "" : ". ").append(Character.toUpperCase(word.charAt(0)));
                text.append(word, 1, word.length());
            } else {
                text.append(' ').append(word);
            }
            left--;
        }
        return text.toString();
    }
}
