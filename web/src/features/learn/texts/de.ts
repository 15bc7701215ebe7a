import type { en } from '@/features/learn/texts/en';
import type { Translation } from '@/lib/catalogue';

/** The text of the “Learn” pages in German. */
export const de: Translation<typeof en> = {
  title: 'Wissen',
  lead: 'Was Deep-Sky-Objekte sind, wie ein Netz sie unterscheidet und wie weit man seinen Antworten trauen kann. Jede Seite ist in einer bis vier Minuten gelesen.',
  topics: 'Themen',
  more: 'Weiterlesen',

  objects: {
    title: 'Galaxien, Nebel und Sternhaufen',
    lead: 'Jenseits der Planeten zeigen Teleskope drei Arten blasser Flecken. Diese Seite erklärt, was sie sind und wie man sie auf Bildern unterscheidet.',
    look: 'Achte auf',
    kinds: {
      galaxy: {
        title: 'Galaxien',
        description:
          'Eine Galaxie ist eine Stadt aus Sternen: Milliarden davon, dazu Gas und Staub, zusammengehalten von der Schwerkraft. Unsere Sonne ist einer der Sterne der Milchstraße. Andere Galaxien sind so weit entfernt, dass ihre Sterne zu einem sanften Leuchten verschwimmen.',
        look: [
          'einen hellen Kern, dessen Leuchten nach außen schwächer wird',
          'Spiralarme oder ein glattes Oval ohne Arme',
          'eine Scheibe, von oben oder schräg gesehen, oder einen Strich (eine Scheibe von der Seite)',
        ],
      },
      nebula: {
        title: 'Nebel',
        description:
          'Ein Nebel ist eine Wolke aus Gas und Staub zwischen den Sternen. Manche leuchten, weil heiße Sterne sie anregen, manche reflektieren nur Sternenlicht, und manche sind dunkel und verdecken, was hinter ihnen liegt. Ein planetarischer Nebel ist eine Hülle, die ein alter Stern abgestoßen hat; mit Planeten hat er nichts zu tun.',
        look: [
          'Schleier, Fäden und Blasen mit ausgefransten Rändern',
          'in Farbbildern: Rot (von Wasserstoff) oder Blaugrün (von Sauerstoff)',
          'einen Ring oder eine Hülle mit einem Stern in der Mitte (planetarischer Nebel)',
        ],
      },
      star_cluster: {
        title: 'Sternhaufen',
        description:
          'Die Sterne eines Sternhaufens sind gemeinsam aus einer Wolke entstanden. Offene Sternhaufen sind lockere Gruppen aus Dutzenden bis Tausenden meist junger Sterne. Kugelsternhaufen sind Kugeln aus Hunderttausenden sehr alter Sterne.',
        look: [
          'viele einzelne Lichtpunkte, dichter als in ihrer Umgebung',
          'eine dichte Kugel, die sich am Rand in einzelne Sterne auflöst (Kugelsternhaufen)',
          'eine lockere Gruppe heller Sterne (offener Sternhaufen)',
        ],
      },
      other: {
        title: 'Kein Deep-Sky-Objekt',
        description:
          'Planeten, der Mond, Kometen, Strichspuren, Landschaften, Katzen. Die Netze wurden auch mit solchen Bildern trainiert, sonst müssten sie jedes davon als Galaxie, Nebel oder Sternhaufen einordnen.',
        look: [
          'einen scharfen Rand wie beim Mond',
          'Strichspuren, einen Horizont, einen Menschen',
          'gleichmäßig verteilte Sterne und sonst nichts',
        ],
      },
    },
    questions: {
      title: 'Drei Fragen, die helfen',
      list: [
        [
          'Sind es einzelne Lichtpunkte, oder ist es ein diffuses Leuchten?',
          'Lichtpunkte sprechen für einen Sternhaufen, ein diffuses Leuchten für eine Galaxie oder einen Nebel.',
        ],
        [
          'Hat es einen hellen Kern?',
          'Ein Leuchten, das vom Kern aus nach außen gleichmäßig schwächer wird, spricht für eine Galaxie, ein ausgefranstes Leuchten für einen Nebel.',
        ],
        [
          'Hebt es sich vom Hintergrund ab?',
          'Sind nur gleichmäßig verteilte Sterne zu sehen, zeigt das Bild kein Deep-Sky-Objekt.',
        ],
      ],
    },
    hard: {
      title: 'Schwierige Fälle, auch für Fachleute',
      cases: [
        'Viele Nebel enthalten den jungen Sternhaufen, der aus ihnen entstanden ist. Dann sind beide Antworten richtig.',
        'Ein Kugelsternhaufen, der so weit entfernt ist, dass keine einzelnen Sterne zu sehen sind, sieht aus wie eine elliptische Galaxie.',
        'Ein kleiner planetarischer Nebel sieht aus wie ein unscharfer Stern.',
      ],
    },
    try: 'Probier es aus: Prüfe deine eigenen Bilder',
  },

  kinds: {
    title: 'Arten von Objekten und ihre Doppelgänger',
    lead: 'Von der Spiralgalaxie bis zum Dunkelnebel: was jede Art ist und womit man sie leicht verwechselt. Jeder Abschnitt ist in weniger als einer halben Minute gelesen.',
    lookAlike: 'Leicht zu verwechseln mit:',
    sections: {
      'spiral-galaxy': {
        title: 'Spiralgalaxien',
        body: 'Eine flache, rotierende Scheibe aus Sternen, Gas und Staub mit Spiralarmen um eine hellere Mitte. In den Armen entstehen neue Sterne; heiße junge Sterne lassen sie bläulich leuchten. Die Milchstraße und M 31 sind Spiralgalaxien.',
        lookAlike:
          'einer Satellitenspur oder einem Kratzer, wenn man sie von der Kante sieht. Eine Spur ist überall gleich breit, eine Galaxie in der Mitte dicker.',
      },
      'elliptical-galaxy': {
        title: 'Elliptische und linsenförmige Galaxien',
        body: 'Elliptische Galaxien sind glatte, runde oder ovale Ansammlungen meist alter Sterne mit wenig Gas. Linsenförmige Galaxien haben eine Scheibe wie Spiralgalaxien, aber keine Arme.',
        lookAlike:
          'einem Kugelsternhaufen, der zu weit entfernt ist, um einzelne Sterne zu zeigen, oder einem unscharfen hellen Stern.',
      },
      'irregular-galaxy': {
        title: 'Irreguläre Galaxien',
        body: 'Galaxien ohne klare Form, oft klein und reich an Gas. Die Magellanschen Wolken sind irreguläre Galaxien in der Nachbarschaft der Milchstraße. Andere haben ihre Form bei der Begegnung mit einem Nachbarn verloren.',
        lookAlike:
          'einem Nebel, wegen des ausgefransten Umrisses und der rosa Flecken; das sind Nebel in der Galaxie.',
      },
      'galaxy-group': {
        title: 'Galaxiengruppen und Galaxienhaufen',
        body: 'Galaxien, die ihre Schwerkraft zusammenhält: einige Dutzend in einer Gruppe, Hunderte oder Tausende in einem Haufen wie dem Virgo-Haufen. In einem Bild sind manche groß und nah, andere nur Pünktchen.',
        lookAlike:
          'einem Sternhaufen. Galaxien sind weich und oval; Sterne sind Punkte, oft mit Strahlen.',
      },
      'emission-nebula': {
        title: 'Emissionsnebel',
        body: 'Gaswolken, die leuchten, weil das ultraviolette Licht heißer Sterne sie anregt. Wasserstoff leuchtet rot, Sauerstoff blaugrün. Oft entstehen in ihnen neue Sterne, wie im Orionnebel (M 42).',
        lookAlike:
          'einem Sternhaufen, denn viele enthalten einen. Dann können beide Antworten richtig sein.',
      },
      'reflection-nebula': {
        title: 'Reflexionsnebel',
        body: 'Staub, der das Licht naher Sterne streut, wie Nebel um eine Straßenlaterne. Sie sehen blau aus, weil Staub blaues Licht stärker streut. Die Plejaden sind von einem umgeben.',
        lookAlike:
          'dem Lichthof eines hellen Sterns, der in der Optik oder durch dünne Wolken entsteht. Ein Lichthof ist rund und gleichmäßig, ein Nebel hat Fäden.',
      },
      'planetary-nebula': {
        title: 'Planetarische Nebel',
        body: 'Die äußeren Schichten eines sonnenähnlichen Sterns, die er am Ende seines Lebens abgestoßen hat. Der heiße Kern, der übrig bleibt und zu einem Weißen Zwerg wird, bringt das Gas zum Leuchten. Mit Planeten haben sie nichts zu tun: In frühen Fernrohren sahen sie aus wie kleine runde Scheiben. Der Ringnebel (M 57) ist einer.',
        lookAlike:
          'einem unscharfen Stern oder einer kleinen runden Galaxie. Die meisten planetarischen Nebel haben einen scharfen Rand, und viele sind blaugrün.',
      },
      'dark-nebula': {
        title: 'Dunkelnebel',
        body: 'Wolken aus Gas und Staub, so dicht, dass sie die Sterne dahinter verdecken. Man sieht sie nur als Lücke in einem Sternfeld oder als Schattenriss, wie den Pferdekopfnebel vor einem roten Nebel. In ihrem Inneren können Sterne entstehen.',
        lookAlike: 'einem leeren Stück Himmel oder dem Schatten von Staub auf der Kamera.',
      },
      'supernova-remnant': {
        title: 'Supernova-Überreste',
        body: 'Die Reste eines explodierten Sterns, die sich ausdehnen. Feine Fäden und Schalen zeigen, wo die Druckwelle auf das Gas der Umgebung trifft. Der Krebsnebel (M 1) stammt von einer Supernova, die 1054 beobachtet wurde, der Cirrusnebel von einer Tausende Jahre früher.',
        lookAlike:
          'einem Emissionsnebel. Überreste bestehen oft aus feinen Fäden, die auf einem Bogen liegen.',
      },
      'open-cluster': {
        title: 'Offene Sternhaufen',
        body: 'Dutzende bis Tausende Sterne, die gemeinsam aus einer Wolke entstanden und noch nahe beieinander sind. Die meisten sind jung; im Lauf von Hunderten Millionen Jahren driften sie auseinander. Die Plejaden (M 45) sind ein offener Sternhaufen.',
        lookAlike:
          'einem sternreichen Stück der Milchstraße oder einer zufälligen Gruppe von Sternen (einem Sternmuster).',
      },
      'globular-cluster': {
        title: 'Kugelsternhaufen',
        body: 'Kugeln aus zehntausend bis über einer Million Sternen, die meisten über zehn Milliarden Jahre alt. Etwa 150 sind um die Milchstraße bekannt, zum Beispiel M 13.',
        lookAlike:
          'einer elliptischen Galaxie, wenn das Teleskop am Rand keine einzelnen Sterne zeigt.',
      },
      stars: {
        title: 'Sterne, Kometen und die Milchstraße',
        body: 'Ein einzelner Stern, ein Doppelstern oder ein Sternmuster ist kein Deep-Sky-Objekt im Sinn dieser Klassen. Ein Komet gehört zum Sonnensystem und wandert innerhalb von Stunden zwischen den Sternen. Das Band der Milchstraße ist unsere eigene Galaxie, von innen gesehen.',
        lookAlike:
          'Ein Komet sieht aus wie eine Galaxie oder ein Nebel, ein Weitwinkelbild der Milchstraße wie ein Nebel oder ein Sternhaufen.',
      },
      'solar-system': {
        title: 'Mond, Planeten und Sonne',
        body: 'Sie sind nah und hell und werden kurz belichtet. Der Mond zeigt Krater, die Sonne Flecken. Ein Planet ist eine kleine Scheibe, oft mit Streifen, einem Ring oder einer Phase. Keines dieser Objekte ist ein Deep-Sky-Objekt.',
        lookAlike:
          'Ein planetarischer Nebel sieht aus wie die kleine Scheibe eines Planeten, ein überbelichteter Stern wie ein Planet ohne Einzelheiten.',
      },
    },
  },

  networks: {
    title: 'Wie die Netze entscheiden',
    lead: 'Einem Netz werden keine Regeln vorgegeben. Es hat Tausende Bilder gesehen und daraus gelernt, auf welche Muster es ankommt.',
    steps: {
      title: 'Vom Bild zur Antwort',
      size: 'Das Bild wird auf die Eingabegröße des Netzes skaliert, etwa {pixels} Pixel Seitenlänge.',
      sizeUnknown: 'Das Bild wird auf die Eingabegröße des Netzes verkleinert.',
      patterns:
        'Schicht für Schicht sucht das Netz nach Mustern: erst Kanten und Punkte, dann Strukturen, dann Sterne, Spiralarme und Schleier.',
      map: 'Für jede Zelle eines groben Rasters berechnet das Netz, wie stark dieser Bildbereich für jede Klasse spricht. Diese Werte bilden die Evidenzkarten.',
      score:
        'Die Punktzahl einer Klasse ist der Mittelwert ihrer Evidenzkarte plus eine Konstante, die für jedes Bild gleich ist. Die Karte zeigt also alles im Bild, was die Punktzahl bestimmt.',
      probabilities:
        'Die vier Punktzahlen werden in vier Wahrscheinlichkeiten umgerechnet, die zusammen 100\u00a0% ergeben.',
    },
    see: {
      title: 'Ein Beispiel ansehen',
      explained:
        'Dieses Beispiel wird genauso klassifiziert wie deine eigenen Bilder, und die Antwort wird in deinem Verlauf gespeichert.',
      classify: 'Beispiel klassifizieren',
      again:
        'Wechsle zwischen den Klassen: Die Linien zeigen, welche Bildbereiche für die Klasse sprechen. Würdest du auf dieselben Bereiche achten?',
    },
    learned: {
      title: 'Wie ein Netz lernt',
      body: 'Menschen haben {images} Bildern je eine Klasse zugeordnet. Das Netz klassifizierte jedes Bild, verglich seine Antwort mit dieser Klasse und passte jeden seiner {parameters} Parameter ein wenig an, sodass die richtige Klasse wahrscheinlicher wurde. Das wurde viele Male wiederholt. Das Netz fing nicht bei null an: Anhand von Alltagsbildern hatte es bereits gelernt, Kanten und Strukturen zu erkennen.',
      unknown:
        'Menschen haben vielen Bildern je eine Klasse zugeordnet. Das Netz klassifizierte jedes Bild, verglich seine Antwort mit dieser Klasse und passte seine Parameter ein wenig an, sodass die richtige Klasse wahrscheinlicher wurde. Das wurde viele Male wiederholt.',
    },
    not: {
      title: 'Was ein Netz nicht weiß',
      body: 'Ein Netz kennt keine Namen, Entfernungen oder Positionen am Himmel, sondern nur das typische Aussehen der Bilder jeder Klasse. Es klassifiziert das Bild als Ganzes und findet kein zweites Objekt.',
    },
  },

  figures: {
    title: 'Was die Zahlen bedeuten',
    lead: 'Keine einzelne Zahl beschreibt ein Modell vollständig. Diese Seite erklärt jede Zahl mit den Werten eines Modells auf diesem Server.',
    model: 'Die Beispiele gelten für {title}.',
    accuracy: {
      title: 'Anteil richtiger Antworten',
      body: 'Der Anteil der Testbilder, die das Modell richtig klassifiziert. Die Testbilder zeigen keine Objekte aus den Trainingsbildern, denn an diese könnte sich das Modell einfach erinnern.',
      example:
        '{value} von {images} Testbildern aus {fields} Himmelsfeldern wurden richtig klassifiziert.',
    },
    interval: {
      title: 'Konfidenzintervall',
      body: 'Mit anderen Testbildern wäre die Zahl etwas anders. Das 95-%-Konfidenzintervall zeigt, um wie viel: Von 100 Tests mit jeweils anderen Bildern ergeben etwa 95 ein Intervall, das den wahren Wert enthält. Wenn sich die Intervalle zweier Modelle stark überschneiden, zeigt der Test nicht, welches besser ist.',
      example:
        'Der Anteil richtiger Antworten beträgt {value}; das Intervall reicht von {low} bis {high}.',
    },
    precision: {
      title: 'Präzision und Sensitivität',
      body: 'Präzision: Wie viele der als Sternhaufen klassifizierten Bilder zeigen wirklich einen? Sensitivität: Wie viele der Bilder von Sternhaufen wurden erkannt? Ein Modell, das alles als Sternhaufen klassifiziert, hat eine perfekte Sensitivität, aber eine schlechte Präzision. F1 ist nur hoch, wenn beide Werte hoch sind.',
      example: '{label}: Präzision {precision}, Sensitivität {recall}.',
    },
    calibration: {
      title: 'Kalibrierung',
      body: 'Eine Vorhersage von 80\u00a0% Regenwahrscheinlichkeit ist gut, wenn es an acht von zehn solchen Tagen regnet. Ebenso sollten von allen Antworten mit einer Wahrscheinlichkeit von 80\u00a0% etwa acht von zehn richtig sein. Der Kalibrierungsfehler ist die mittlere Abweichung zwischen der Wahrscheinlichkeit und dem Anteil richtiger Antworten.',
      example:
        'Die Wahrscheinlichkeiten dieses Modells weichen im Mittel um {error} Prozentpunkte vom Anteil richtiger Antworten ab.',
    },
    set: {
      title: 'Mögliche Klassen',
      body: 'Das Modell erstellt eine Liste aller Klassen, die es nicht ausschließen kann. Das Urteil lautet „Sicher“, wenn die Liste genau eine Klasse enthält und mindestens 98,5 % der ähnlich wahrscheinlichen Antworten auf Bilder richtig waren, die nicht zum Training verwendet wurden. Sonst lautet es „Unsicher“. Bei etwa 95 von 100 Bildern jeder Klasse enthält die Liste die richtige Klasse.',
      example:
        'Bei {value} der Testbilder enthielt die Liste der möglichen Klassen die richtige; im Mittel umfasste sie {size} Klassen.',
    },
    novelty: {
      title: 'Neuheit',
      body: 'Ein Netz ordnet jedem Bild eine Klasse zu, selbst dem Foto einer Katze. Die Neuheit misst deshalb, wie stark sich ein Bild von den Trainingsbildern unterscheidet: 0 bedeutet vertraut, 1 bedeutet anders als alle Trainingsbilder. Liegt die Neuheit über einem Schwellenwert, lautet das Urteil „Unbekannt“; verlass dich dann nicht auf die Antwort.',
      example:
        '{kept} der Deep-Sky-Testbilder wurden als vertraut eingestuft. Von den Testbildern, deren Art in den Trainingsdaten nicht vorkommt, wurden {rejected} als unbekannt oder als kein Deep-Sky-Objekt eingestuft.',
    },
    see: 'Diese Zahlen für alle Modelle ansehen',
  },

  data: {
    title: 'Trainingsdaten und Grenzen',
    lead: 'Ein Netz ist nur so gut wie seine Trainingsdaten. Diese Seite beschreibt die Daten und die Grenzen der Modelle.',
    counts: {
      title: 'Anzahl der Bilder',
      explained:
        'Alle Bilder eines Himmelsfelds gehören zum selben Teil, damit die Testbilder nur Objekte zeigen, die das Modell noch nie gesehen hat.',
      part: 'Teil',
      all: 'Alle',
      fields: 'Himmelsfelder',
      parts: {
        train: 'Trainingsbilder',
        validation: 'Validierungsbilder',
        test: 'Testbilder',
        source_validation: 'Validierungsbilder, neue Fotografen',
        source_test: 'Testbilder, neue Fotografen',
        out_of_distribution: 'Bilder unbekannter Art',
      },
    },
    limits: {
      title: 'Bekannte Einschränkungen',
      explained: 'Aus der Modellkarte von {title} (auf Englisch):',
    },
    kinds: {
      title: 'Die schwierigsten Arten von Bildern',
      explained:
        'Die Arten von Testbildern mit dem geringsten Anteil richtiger Antworten (Bezeichnungen auf Englisch). Arten mit weniger als {minImages} Bildern sind nicht aufgeführt.',
      kind: 'Art',
      accuracy: 'Richtig',
      images: 'Bilder',
    },
    biased: {
      title: 'Was das bedeutet',
      points: [
        'Die meisten Bilder zeigen berühmte Objekte. Lichtschwache, kleine oder ungewöhnliche Objekte sind selten.',
        'Die meisten Bilder wurden von Fachleuten aufgenommen und bearbeitet. Deine ersten Bilder sehen vielleicht ganz anders aus.',
        'Die Klassen wurden von Menschen vergeben, und Menschen machen Fehler. Manche Bilder zeigen zwei Klassen zugleich.',
      ],
    },
    sources: {
      title: 'Bildquellen',
      explained:
        'Die Bilder stammen aus {sources} öffentlichen Sammlungen. Sie gehören ihren Urhebern und werden nicht mit deepsky ausgeliefert; es gelten die Bedingungen der jeweiligen Quelle.',
      show: 'Alle Quellen anzeigen',
      source: 'Quelle',
      licence: 'Bedingungen',
      images: 'Bilder',
    },
  },
};
