import type { LearnTexts } from '@/features/learn/texts/en';

/** The texts of the pages to learn from, in German. */
export const de: LearnTexts = {
  title: 'Lernen',
  lead: 'Was am Himmel zu sehen ist, wie ein Netz es auseinanderhält und wie weit man ihm trauen kann. Jede Seite dauert etwa fünf Minuten.',
  topics: 'Seiten zum Lernen',
  more: 'Weiterlesen',

  objects: {
    title: 'Galaxien, Nebel und Sternhaufen',
    lead: 'Jenseits der Planeten zeigen Fernrohre drei Arten blasser Flecken. Hier steht, was sie sind und wie du sie selbst unterscheidest.',
    look: 'Achte auf',
    kinds: {
      galaxy: {
        title: 'Galaxien',
        what: 'Eine Galaxie ist eine Stadt aus Sternen: Milliarden davon, dazu Gas und Staub, zusammengehalten von der Schwerkraft. Unsere Sonne ist einer der Sterne der Milchstraße. Andere Galaxien sind so weit weg, dass ihre Sterne zu einem sanften Leuchten verschwimmen.',
        look: [
          'einen hellen Kern, von dem aus das Leuchten nach außen schwächer wird',
          'Spiralarme oder ein glattes Oval ganz ohne',
          'eine Scheibe, von oben, schräg oder von der Kante als Strich gesehen',
        ],
      },
      nebula: {
        title: 'Nebel',
        what: 'Ein Nebel ist eine Wolke aus Gas und Staub zwischen den Sternen. Manche leuchten, weil heiße Sterne sie anregen, manche werfen nur Sternenlicht zurück, manche sind dunkel und verdecken, was hinter ihnen liegt. Ein planetarischer Nebel ist eine Hülle, die ein alter Stern abgestoßen hat; mit Planeten hat er nichts zu tun.',
        look: [
          'Schleier, Fäden und Blasen mit zerfransten Rändern',
          'in Farbe: oft Rot vom Wasserstoff oder Blaugrün vom Sauerstoff',
          'einen Ring oder eine Hülle mit einem Stern in der Mitte: ein planetarischer Nebel',
        ],
      },
      star_cluster: {
        title: 'Sternhaufen',
        what: 'Ein Sternhaufen ist eine Familie: Seine Sterne sind gemeinsam aus einer Wolke entstanden. Offene Sternhaufen sind lockere Gruppen aus Dutzenden bis Tausenden meist junger Sterne. Kugelsternhaufen sind Bälle aus Hunderttausenden sehr alter.',
        look: [
          'viele einzelne Lichtpunkte, dichter beieinander als ringsum',
          'einen dichten Ball, der sich am Rand in Körner auflöst: ein Kugelsternhaufen',
          'eine lockere Handvoll heller Sterne: ein offener Sternhaufen',
        ],
      },
      other: {
        title: 'Alles andere',
        what: 'Planeten, der Mond, Kometen, Strichspuren, Landschaften, Katzen. Auch solche Bilder haben die Netze gelernt, sonst müssten sie jedes davon Galaxie, Nebel oder Sternhaufen nennen.',
        look: [
          'einen scharfen Rand wie beim Mond',
          'Strichspuren, einen Horizont, einen Menschen',
          'nur Sterne und nichts dazwischen',
        ],
      },
    },
    apart: {
      title: 'Drei Fragen, die helfen',
      questions: [
        [
          'Besteht es aus Körnern oder aus Leuchten?',
          'Körner sprechen für einen Sternhaufen, Leuchten für eine Galaxie oder einen Nebel.',
        ],
        [
          'Hat es einen hellen Kern?',
          'Leuchten, das von einem Kern aus gleichmäßig schwächer wird, spricht für eine Galaxie, zerfranstes für einen Nebel.',
        ],
        [
          'Gehört überhaupt etwas zusammen?',
          'Gleichmäßig verteilte Sterne sind einfach ein Stück Himmel.',
        ],
      ],
    },
    hard: {
      title: 'Wo selbst Fachleute zweimal hinsehen',
      cases: [
        'Viele Nebel enthalten den jungen Sternhaufen, der aus ihnen entstanden ist. Dann sind beide Antworten richtig.',
        'Ein Kugelsternhaufen, der für einzelne Körner zu weit weg ist, sieht aus wie eine elliptische Galaxie.',
        'Ein kleiner planetarischer Nebel sieht aus wie ein unscharfer Stern.',
      ],
    },
    try: 'Jetzt du: sag, was deine eigenen Bilder zeigen',
  },

  networks: {
    title: 'Wie die Netze entscheiden',
    lead: 'Es steckt keine Liste von Regeln darin. Ein Netz hat Tausende Bilder gesehen und selbst herausgefunden, worauf es ankommt.',
    steps: {
      title: 'Vom Bild zur Antwort',
      size: (pixels) =>
        `Das Bild wird auf etwa ${pixels} Pixel Seitenlänge verkleinert: So viel sieht das Netz.`,
      sizeUnknown: 'Das Bild wird verkleinert: So viel sieht das Netz.',
      patterns:
        'Schicht um Schicht sucht das Netz nach Mustern: erst Kanten und Punkte, dann Strukturen, dann Körner, Arme und Schleier.',
      map: 'An jeder Stelle eines groben Rasters notiert es, wie viel dort für jede Klasse spricht. Diese Notizen sind die Karten der Anhaltspunkte.',
      score:
        'Die Punktzahl einer Klasse ist der Mittelwert ihrer Karte und dazu eine Konstante, die für jedes Bild gleich ist. Die Karte zeigt also alles, was gezählt hat.',
      probabilities: 'Aus den vier Punktzahlen werden vier Wahrscheinlichkeiten, zusammen 100\u00a0%.',
    },
    see: {
      title: 'Sieh ihm zu',
      explained:
        'Dieses Beispiel wird an das Netz geschickt wie jedes Bild von dir, und die Antwort kommt in deinen Verlauf.',
      ask: 'Das Netz fragen',
      again:
        'Wechsle von Klasse zu Klasse: Die Farbe zeigt, welche Stellen dafür sprechen. Sieht das Netz auf dasselbe wie du?',
    },
    learned: {
      title: 'Wie es gelernt hat',
      body: (images, parameters) =>
        `Menschen hatten von ${images} Bildern gesagt, was sie zeigen. Das Netz riet, erfuhr die richtige Klasse, und jede seiner Zahlen – es sind ${parameters} – wurde ein winziges Stück verschoben, sodass die richtige Klasse wahrscheinlicher wurde. Das geschah wieder und wieder. Von null fing es nicht an: Was Kanten und Strukturen sind, hatte es schon vorher an Alltagsbildern gelernt.`,
      unknown:
        'Menschen hatten von vielen Bildern gesagt, was sie zeigen. Das Netz riet, erfuhr die richtige Klasse, und jede seiner Zahlen wurde ein winziges Stück verschoben, sodass die richtige Klasse wahrscheinlicher wurde. Das geschah wieder und wieder.',
    },
    not: {
      title: 'Was es nicht weiß',
      body: 'Es kennt keine Namen, keine Entfernungen und keine Orte am Himmel. Es weiß nur, wie Bilder jeder Klasse gewöhnlich aussehen. Es benennt, was das Bild ausfüllt, und findet kein zweites Objekt.',
    },
  },

  figures: {
    title: 'Was die Zahlen bedeuten',
    lead: 'Eine einzelne Zahl verbirgt viel. Hier steht, was jede sagt, mit den wahren Werten eines Modells, das hier läuft.',
    model: (title) => `Die Beispiele sind die von ${title}.`,
    accuracy: {
      title: 'Anteil richtiger Antworten',
      body: 'Wie oft die Antwort stimmt, bei Bildern, die das Modell nie gesehen hat. Bilder eines Objekts, aus denen es gelernt hat, zählen nicht: Daran könnte es sich einfach erinnern.',
      example: (value, images, fields) =>
        `${value} von ${images} Testbildern von ${fields} Himmelsfeldern wurden richtig beantwortet.`,
    },
    interval: {
      title: 'Intervall',
      body: 'Mit anderen Testbildern käme eine etwas andere Zahl heraus. Das Intervall sagt, wie anders: In 95 von 100 solchen Versuchen enthält es den wahren Wert. Überlappen sich die Intervalle zweier Modelle stark, lässt sich nicht sagen, welches besser ist.',
      example: (value, low, high) =>
        `Der Anteil ist ${value}; das Intervall reicht von ${low} bis ${high}.`,
    },
    precision: {
      title: 'Genauigkeit und Trefferquote',
      body: 'Zwei Arten, bei einer Klasse richtigzuliegen. Genauigkeit: Wie viele der Bilder, die Sternhaufen genannt wurden, sind welche? Trefferquote: Wie viele der Sternhaufen wurden gefunden? Wer alles Sternhaufen nennt, hat die volle Trefferquote und eine schlechte Genauigkeit. F1 ist nur hoch, wo es beide sind.',
      example: (label, precision, recall) =>
        `${label}: Genauigkeit ${precision}, Trefferquote ${recall}.`,
    },
    calibration: {
      title: 'Kalibrierung',
      body: 'Eine Vorhersage von 80\u00a0% Regen ist gut, wenn es an acht von zehn solchen Tagen regnet. Genauso hier: Von allen Antworten, die mit 80\u00a0% gegeben wurden, sollten etwa acht von zehn stimmen. Der Kalibrierungsfehler sagt, wie weit das im Mittel danebenliegt.',
      example: (error) => `Seine Wahrscheinlichkeiten liegen im Mittel um ${error} Prozentpunkte daneben.`,
    },
    set: {
      title: 'Mögliche Klassen',
      body: 'Neben seiner ersten Wahl nennt das Modell jede Klasse, die es nicht ausschließen kann. Ist das nur eine, heißt es sicher; sind es mehrere oder gar keine, unsicher. Die Liste ist so gemacht, dass für jede Klasse bei etwa 95 von 100 Bildern die richtige darin ist.',
      example: (value, size) =>
        `Bei ${value} der Testbilder war die richtige Klasse in der Liste; im Mittel enthielt sie ${size} Klassen.`,
    },
    novelty: {
      title: 'Neuheit',
      body: 'Ein Netz hat auf alles eine Antwort, selbst auf eine Katze. Darum wird auch gemessen, wie wenig ein Bild denen gleicht, aus denen es gelernt hat: 0 ist vertraut, 1 gleicht keinem. Über einer Schwelle lautet das Urteil „Unbekannt“, und auf die Antwort ist kein Verlass.',
      example: (kept, refused) =>
        `${kept} der Deep-Sky-Testbilder galten als vertraut. Von Bildern einer Art, die es nie gelernt hat, wurden ${refused} für unbekannt oder etwas anderes gehalten.`,
    },
    see: 'Diese Zahlen für jedes Modell ansehen',
  },

  data: {
    title: 'Die Daten und ihre Grenzen',
    lead: 'Ein Netz ist nur so gut wie das, woraus es gelernt hat. Hier steht, was das war und wo es sich irrt.',
    counts: {
      title: 'Wie viele Bilder',
      explained:
        'Bilder desselben Himmelsfelds sind alle in einem Teil, damit der Test nach Objekten fragt, die nie zu sehen waren.',
      part: 'Teil',
      all: 'Alle',
      objects: 'Himmelsfelder',
      parts: {
        train: 'Zum Lernen',
        validation: 'Zum Einstellen',
        test: 'Zum Prüfen',
        out_of_distribution: 'Nie gelernte Arten',
      },
    },
    limits: {
      title: 'Wo es sich irrt',
      explained: (title) => `Auf der Karte von ${title} steht, auf Englisch:`,
    },
    kinds: {
      title: 'Was am schwersten ist',
      explained: (least) =>
        `Die Arten von Testbildern mit den wenigsten richtigen Antworten, von denen mit mindestens ${least} Bildern; benannt auf Englisch, wie auf der Karte.`,
      kind: 'Art',
      right: 'Richtig',
      images: 'Bilder',
    },
    biased: {
      title: 'Was das bedeutet',
      points: [
        'Die meisten Bilder zeigen bekannte Prachtstücke. Schwache, kleine oder seltsame Objekte sind selten darunter.',
        'Die meisten haben Könner aufgenommen und bearbeitet. Dein erstes eigenes Bild sieht vielleicht ganz anders aus.',
        'Menschen haben die Klassen bestimmt, und Menschen irren. Manche Bilder zeigen zwei Klassen zugleich.',
      ],
    },
    sources: {
      title: 'Woher die Bilder kommen',
      explained: (sources) =>
        `Aus ${sources} öffentlichen Sammlungen. Die Bilder gehören denen, die sie gemacht haben, und sind in deepsky nicht enthalten; die Bedingungen sind die, die die Quellen nennen.`,
      show: 'Alle Quellen zeigen',
      source: 'Quelle',
      licence: 'Bedingungen',
      images: 'Bilder',
    },
  },
};
