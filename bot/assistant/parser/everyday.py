"""Everyday words that look like typing errors of words of the trade and are none.

A word that is in here is left as it is: mended, `reminder` would become `remainder`.
"""

from typing import Final

EVERYDAY: Final = frozenset(
    """
    oops whoops ugh argh haha lol wow phew typo typos kroner kronor
    abort adult advice after again agree alarm alert alike alive alone along alter among anger angle apart apple
    apply archive arena argue arise arrive arrives aside asset audit avoid award aware balloon band bang bank bar
    bare barn base basic basically basis bath bats beach bean bear beat beauty been beer being belief bell below
    bench bend best bird birth bite black blank blind block blood blow blue board boat body bold bomb bond bone
    bonus book boom boost boot border boring born borrow boss both bottle bottom bound bowl brain branch brand brave
    bread break breath brick bride bridge brief bright bring broad broken brother brown brush buddy budget build
    built bull bunk burn burst bus bush butter button buyer cabin cable cafe cage cake calf calm came camel camera
    camp canal candy capable capital card cards care career careful cargo carry cart case cash cast castle casual
    catch cattle cause cave cell center chain chair chance charm chart chase cheap cheat cheer cheese chef chess
    chest chicken chief child chill chip choice choose church circle citizen city civil clash class classic clay
    clean cleaner clear clearer clerk clever cliff climb clinic clip clock clone cloth cloud club coach coal coast
    coat code codes coffee coin cold collar colour column comb come comet comic common complex concert cook cool
    cope copper copy core corn corner correction cosh cost costs couch cough could council counter country county
    couple courage course court cousin cover crack craft crash crazy cream creator credit crew cries crime crisis
    critic crop cross crowd crown cruel crush cry culture cup cure curve custom customary cute cycle daily dance
    danger dare dark dart data daughter dawn dead dealer dealt dean dear death debate debt decade decay decent
    decide declines deed deep deer defend defer degree delay delays demand denial dental deny depart depend depth
    desert design desk detect devil dial diamond diary dies diet dinner direct dirt discount dish ditch dive divide
    doctor dollar donor door double doubt download dozen drag drama draw drawer dream dress drew drill drink drive
    driver drop drove drug drum dry dual duck dull duplicates dust duty dying each eager ear early earn earth ease
    east easy eat edge editor effort eight either elbow elder elect elite else ember empire empty energy engine
    enjoy enough enter entire entry equal error escape essay estate ever every evil exact exam excuse exit expect
    expert export extend extension extent extra eye fabric face fact factor fade fail fair fairly faith fall fame
    family famous fancy far farm fashion fast fat fate father fault favor favour fear feature fee feed feel fees
    feet fell fellow felt female fence fender few fiber field fifth fifty fight figure file files film finally
    finance find fine finger finish fire firm first fish fist fit fitness fix flag flame flash flat flavor flee
    fleet flesh flew float flood floor flour flow flower flowers fluid fly focus fold folds folk folks follow food
    fool foot force fore forest forever forge forget forgot fork form formal former fort forth forum forward found
    four fourth frame free freeze french frequent fresh friend front frost frozen fruit fuel full fully fun funny
    fur future gain game gang gap garage garden gas gate gather gave gear gender gene general gentle gently get
    ghost giant gift girl give given glad glance glass global glory glove goal goat gold golf gone good goods grab
    grace grade grain grand grant grape graph grass grateful grave gray great green greet grew grey grid grill grind
    grocery ground group grow growth guard guess guest guide guilty guitar gulf habit hair half hall hand handle
    hang happen happy hard hardly hare harm hat hate have haven head health heap hear heart heat heaven heavy heel
    height heirs held hell hello helmet hence herb here hero hidden hide high highway hill hint hire hired historic
    hit hobby hold hole holiday holy home honest honey honor hood hope horn horror horse hospital host hot hotel
    hour hours house hover huge human humans humor hundred hundreds hunger hunt hurry hurt husband ice idea ideal
    image impact import inch income indeed index indoor inner input insect inside insist insure intent into invest
    invite invites iron island issue item jacket jail join joint joke joss judge juice jump junior jury just keen
    keep kept key kick kid kids kill kind kinds king kiss kitchen knee knew knife knock know known lab lack ladder
    lake lamp land lane large laser last lately latest latter laugh laundry law lawn lawyer lay layer lazy lead
    leader leaf league leak lean leap learn least leather leave lecture leda left leg legal lemon lend lender length
    lens less lesson letter level liar liberty lid life lift light like limb lime limit limits line linen lines lion
    lips liquid lite liter little live lived lives load loan loans lobby local lock locked log lone long look loop
    loose lord lose loss lots loud love lovely lover low luck lucky lunch lung machine mad magic maid main major
    make maker male mall mane manner map march margin marine mask mass mast match mate material matter matters maybe
    mayor maze meal mean meant meat media meet meeting mega melt member memory men mend mental menu mercy mere merit
    mess met metal meter method middle mild mile miles milk mill million mind mine minor mint minute mirror miss
    missed mistake mix mode model modern modest mood moon moral more morning most mostly motel mother motion motor
    mount mountain mouse mouth move movie mud murder muscle museum mute myself mystery nail naked narrow nation
    native nature naval near nearly neat neck needle nerve nest never news next nice niece night nine noble nobody
    nod noise none noon nope nor normal north nose note notes notice novel nurse nut oath obey occur ocean odd offer
    offers office often okay olive once onion only onto opening opera oral orange orbit organ origin other others
    ought ounce outer oven owing owns pace pack packed pain paint pair palace pale palm pan panel panic pants paper
    parade pardon parent park part partly parts party pass passage past paste path patient pats pattern peace peach
    peak pear pen penalty pencil penny pepper percent period person personal pest petrol phase phone phones photo
    piano pick picked picture piece pig pile pill pilot pin pinch pine pink pint pipe pitch pizza place plan plane
    planet plans plant plastic plate play player plea pleasant please plenty plot plug plus pocket poem poet point
    poison pole police polish polite poll pony pool poor pope pops port pose post postal posts pot potato pound pour
    power praise pray preach prefer presence press pretty prevent price prices pride priest prime prince prison
    private prize probe profit program prompt proof proper property prospect protect protects proud prove pub public
    pull pulse pump punch pupil puppet pure purple purse push puzzle queen quest quick quickly quiet quit quite
    quote quotes rabbit race rack radar radio rage rail rain raise ran ranch random range rank rapid rare rat rate
    rates rather raw reach react reader ready real really realm reap rear reason rebate rebel recall recipe record
    recover recruit reduce reed reform regard region regret reject relate relax relay relief rely remain remind
    reminder reminders remote render rent rental rents repair repeat repeats replay reply report rescue resort rest
    result retail retain retire reveal reverse reward rhythm ribbon rice rich ride rider right ring rise risk rival
    river road roast robot rock role roll roof room root rope rose rough round route row royal rubber rude ruin
    rung rang rule
    ruler rules rural rush rust sacred sad safe safety said sail sake salad salary sale sales salt same sample sand
    sane sash save savings says scale scan scare scared scarf scene scheme school science scope score screen script
    sea seal search season seat second secret section secure seed seek seem seems seen seize select self sell seller
    senate sender senior sense series serve server seven severe sew shade shadow shake shall shame shape share
    shares sharp shave she shed sheep sheet shelf shell shift shine ship shirt shock shoe shoes shop shops shore
    short shot shots should shout shower shown shows shrink shut shy sick side sigh sight sign silent silk silly
    silver similar simple simply since sing singer single sink sister site sites six size skill skills skin skip
    skirt sky slander slave sleep slice slide slight slim slip slow slowly small smart smell smile smoke smooth
    snack snake snow soap social sock soft soil solar sold soldier sole solid solo solve some son song songs soon
    sore sorry sort soul sound soup sour source south space spare spark speak special speech speed spell spend spent
    spice spider spin spirit split spoke spoon sport spot spread spring square stable stack staff stage stages stair
    stake stale stamp stand standing star stare stars start state stated states station stay stead steal steam steel
    steep stem step steps stern stick still stir stock stomach stone stones stood store storm story stove strange
    stream street stress stretch strict strike string strip strips stroke strong stuck student studio study stuff
    stupid style submit such sudden suffer sugar suggest suit summer sun super supper supply sure surf surface surge
    survey swap swear sweat sweep sweet swift swim swing switch sword symbol table tail take taken tale talent talk
    talking tall tank tap tape target task tasks taste tax taxes tea teach teacher team tear teen teeth tell temple
    ten tend tender tennis tent term terms test tests text thank thanks that theft their them theme then theory
    there these they thick thief thin thing think third thirst thirty this those though thought thousand thread
    threat three threw throat throne through throw thumb thus ticket tide tidy tie ties tight tile till timber time
    times tiny tire tired title toast today toe toll tomato tone tongue tonight tool tools tooth top topic torn toss
    touch tough tour toward towards tower town toy trace track trade trail train training transfer transfers trap
    trash travel tray treat tree trend trial tribe trick trim trip tropical trouble truck true truly trunk trust
    truth try tube tune tunnel turn twelve twenty twice twin twist two type uncle under undo union unique unit unite
    unless until upon upper upset urban urge used useful user usual vague valid valley van vast vein vendor venue
    verb verse very vest veto video view villa village vine virtue visa vision visit vital vivid voice vote wage
    wages wait waiting waits waive wake walk wall want war warm warn wash waste watch water wave waves weak weaker
    wealth weapon wear weather web wedding weed weep weigh weird welcome well went were west wet whale what wheat
    wheel when whenever where wherever whether which while whilst whisper white whole whose wide widow wife wild
    will win wind window wine wing winner winter wipe wire wise wish with within without witness wolf woman women
    won wonder wood wool word words wore work worker world worn worry worse worst worth worthy would wound wrap
    wraps wrist writer wrong wrote yard yeah yell yellow yoga you young your yours youth zero zone
    """.split(),
)
